import type { SyncReport } from '#domain/sync-report.ts'
import { readTally, type TallyRow } from '#store/tally.ts'
import type { Journey, Traveller } from './context.ts'
import { leastCallsOf, type Tally } from './run-tally.ts'

const rfc3339 = (instant: Temporal.Instant): string =>
  instant.toZonedDateTimeISO('Asia/Shanghai').toString({ timeZoneName: 'never', smallestUnit: 'second' })

/** What the run did, in the shape of `sync --json`: every punch read is counted once, under what became of it. */
export async function report(
  journey: Journey,
  travellers: Traveller[],
  tally: Tally,
  durationMs: number,
): Promise<SyncReport> {
  const rows = journey.isRehearsal ? rehearsed(tally) : await stored(journey, travellers, tally)
  const { skips, states, heldBecause, inDoubtBecause } = sum(rows)
  const people = { linked: 0, suggested: 0, conflicting: 0, unmatched: 0 }
  for (const traveller of travellers) people[traveller.status]++
  const { outside, unreadable, ...read } = tally.punches
  return {
    route: journey.route.key,
    window: { from: rfc3339(journey.window.from), to: rfc3339(journey.window.to) },
    people,
    punches: {
      ...read,
      skipped: {
        void: skips['void'] ?? 0,
        echo: skips['echo'] ?? 0,
        merged: skips['merged'] ?? 0,
        tooOld: skips['tooOld'] ?? 0,
        future: skips['future'] ?? 0,
      },
      outside,
      unreadable,
    },
    deliveries: {
      planned: tally.planned,
      written: tally.written,
      verified: states['verified'] ?? 0,
      held: (states['held'] ?? 0) + (states['waiting'] ?? 0) + (states['undecided'] ?? 0),
      refused: states['refused'] ?? 0,
      inDoubt: (states['sending'] ?? 0) + (states['sent'] ?? 0) + (states['inDoubt'] ?? 0),
      alreadyThere: states['alreadyThere'] ?? 0,
      heldBecause,
      inDoubtBecause,
    },
    calls: journey.calls(),
    leastCalls: leastCallsOf(journey, travellers, tally),
    durationMs,
  }
}

function stored(journey: Journey, travellers: Traveller[], { troubles }: Tally): Promise<TallyRow[]> {
  const { scope } = journey.route
  const isRefused = ({ key }: Traveller) => troubles.get(key)?.because === 'refused'
  const told = travellers.filter((traveller) => !isRefused(traveller))
  const isEveryone =
    journey.work.read === 'everyone' &&
    !scope.departments &&
    !scope.people &&
    !scope.except &&
    told.length === travellers.length
  return readTally(journey.database.kysely, {
    tenant: journey.tenant,
    connection: journey.source.connection.id,
    route: journey.route.id,
    ...journey.window,
    accountKeys: isEveryone
      ? null
      : journey.work.read === 'nobody'
        ? []
        : told.map((traveller) => traveller.key),
    oldest: journey.policy.oldestAccepted,
    now: journey.clock.now(),
  })
}

/** A rehearsal decided everything in memory: what it would deliver counts as waiting. */
const rehearsed = (tally: Tally): TallyRow[] =>
  [...tally.decisions].map(([name, count]) => {
    const [kind, because] = name.split('.')
    if (kind === 'skip') return { kind: 'skip', name: because!, reason: null, count }
    return {
      kind: 'delivery',
      name: kind === 'hold' ? 'held' : kind === 'deliver' ? 'planned' : kind!,
      reason: because ?? null,
      count,
    }
  })

function sum(rows: TallyRow[]) {
  const skips: Record<string, number> = {}
  const states: Record<string, number> = {}
  const heldBecause: Record<string, number> = {}
  const inDoubtBecause: Record<string, number> = {}
  for (const { kind, name, reason, count } of rows) {
    const into = kind === 'skip' ? skips : states
    into[name] = (into[name] ?? 0) + count
    if (name === 'held' || name === 'waiting' || name === 'undecided') add(heldBecause, reason ?? name, count)
    if (name === 'inDoubt' || name === 'sent' || name === 'sending')
      add(inDoubtBecause, reason ?? 'answer-lost', count)
  }
  return { skips, states, heldBecause, inDoubtBecause }
}

function add(into: Record<string, number>, name: string, count: number): void {
  into[name] = (into[name] ?? 0) + count
}
