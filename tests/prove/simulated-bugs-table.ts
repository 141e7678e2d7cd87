import { type Edit, edit } from './plant.ts'
import { droppedFence } from './planted-bugs-table.ts'

const droppedDeadline = edit(
  'src/platforms/punctual.ts',
  'if (notAfter && Temporal',
  'if (notAfter && !clock && Temporal',
)

/**
 * One bug of the product that the simulation must find: the replacements that plant it, the invariant it breaks, and a
 * seed whose telling shows it, whatever else that breaks.
 */
export type SimulatedBug = {
  bug: string
  edits: readonly Edit[]
  /** Rewritten by `node tests/prove/simulated-bugs.ts record`. */
  seed: number
  invariant: string
  /** Virtual days of the story; absent, one. */
  days?: number
}

/** The mistakes that would cost or double a punch, or break a promise, if anybody made them. */
export const simulatedBugs: readonly SimulatedBug[] = [
  {
    bug: 'a write whose answer was lost is sent again without looking',
    edits: edit(
      'src/journey/5-deliver.ts',
      'const answer = await writeOrStop(journey, parcels, notAfter)\n',
      "let answer = await writeOrStop(journey, parcels, notAfter)\n  if (answer !== 'stopped' && answer.kind === 'lost') answer = await writeOrStop(journey, parcels, notAfter)\n",
    ),
    seed: 24,
    invariant: 'I3',
  },
  {
    bug: 'a lost answer is taken for a call that never left',
    edits: edit(
      'src/platforms/trouble.ts',
      "reset:       { code: 'platform.broken-off',        outcome: 'lost', ",
      "reset:       { code: 'platform.broken-off',        outcome: 'notSent', ",
    ),
    seed: 24,
    invariant: 'I3',
  },
  {
    bug: 'a busy platform is taken to have done nothing',
    edits: edit(
      'src/platforms/trouble.ts',
      "busy:        { code: 'platform.busy',              outcome: 'lost', ",
      "busy:        { code: 'platform.busy',              outcome: 'notSent', ",
    ),
    seed: 107,
    invariant: 'I3',
  },
  {
    bug: 'a miss is judged long before the longest visibility delay',
    edits: edit(
      'src/domain/judge-read-back.ts',
      'visibilityMaxMs * 2 ** misses',
      '(visibilityMaxMs * 2 ** misses) / 100',
    ),
    seed: 46,
    invariant: 'I3',
  },
  {
    bug: 'verified on the strength of the answer, without a look',
    edits: edit(
      'src/journey/5-deliver.ts',
      "await end(stateAfter('accept'), null)",
      "await end('verified', null)",
    ),
    seed: 73,
    invariant: 'I3',
  },
  {
    bug: 'what was sent is never looked for',
    edits: edit(
      'src/domain/planner/due-work.ts',
      'if (inFlight.count === 0) return null',
      'if (inFlight.count >= 0) return null',
    ),
    seed: 2,
    invariant: 'I4',
  },
  {
    bug: 'cursor without overlap: what lands late is never read',
    edits: [
      {
        file: 'src/domain/planner/sweep-window.ts',
        find: 'reach === null ? earliest : reach - leastOverlapSeconds',
        put: 'reach === null ? earliest : reach + 1',
      },
      {
        file: 'src/domain/planner/sweep-window.ts',
        find: 'Math.min(from, reach - Math.ceil(lookBackMs(leg.lateness) / 1000))',
        put: 'from',
      },
      {
        file: 'src/domain/planner/sweep-window.ts',
        find: 'if (ask.isClosing) from',
        put: 'if (false as boolean) from',
      },
      {
        file: 'src/domain/planner/sweep-window.ts',
        find: 'if (ask.depthMs > 0) from',
        put: 'if (false as boolean) from',
      },
    ],
    seed: 20,
    invariant: 'I1',
  },
  {
    bug: 'an event is acknowledged before it is kept',
    edits: [
      { file: 'src/app/inbox.ts', find: 'const answer = await keep({', put: 'const keeping = keep({' },
      {
        file: 'src/app/inbox.ts',
        find: "if (answer === 'kept') onNews(id)\n        return answer",
        put: "keeping.catch(() => {})\n        onNews(id)\n        return 'kept'",
      },
    ],
    seed: 596,
    invariant: 'I1',
  },
  {
    bug: 'two events of one kind are one event',
    edits: edit(
      'src/store/inbox.ts',
      "eventId === null ? ['body', type, body] : ['id', eventId]",
      "eventId === null || body !== null ? ['body', type] : ['id', eventId]",
    ),
    seed: 1,
    invariant: 'I1',
  },
  {
    bug: 'our own write is taken for a punch and goes back',
    edits: [
      {
        file: 'src/journey/load.ts',
        find: "if (own.has(secondOf(item.traveller.key, item.at))) return 'echo'",
        put: 'if (own.size < 0) return null',
      },
      {
        file: 'src/domain/decide-delivery.ts',
        find: "if (known.isThere) return { kind: 'alreadyThere' }",
        put: "if (known.isThere && known.isVoid) return { kind: 'alreadyThere' }",
      },
    ],
    seed: 2,
    invariant: 'I5',
  },
  {
    bug: 'the mark in a text is trusted, and the ledger is not asked',
    edits: [
      {
        file: 'src/journey/load.ts',
        find: "if (own.has(secondOf(item.traveller.key, item.at))) return 'echo'",
        put: "if (own.size > 0 && /钉钉考勤|企业微信打卡/.test(`${item.text.device} ${item.text.address}`)) return 'echo'",
      },
      {
        file: 'src/domain/decide-delivery.ts',
        find: "if (known.isThere) return { kind: 'alreadyThere' }",
        put: "if (known.isThere && known.isVoid) return { kind: 'alreadyThere' }",
      },
    ],
    seed: 2,
    invariant: 'I5',
  },
  {
    bug: 'a write leaves however long ago the lane was surely held',
    edits: droppedDeadline,
    seed: 28,
    invariant: 'I3',
  },
  {
    // With the fences goes the deadline that is reckoned from them; without it alone this seed is sound.
    bug: 'the fence is dropped: nobody looks whether the lane was taken meanwhile',
    edits: [...droppedFence, ...droppedDeadline],
    seed: 6,
    invariant: 'I3',
  },
  {
    bug: 'the month’s quota is nobody’s business',
    edits: [
      {
        file: 'src/app/lane-state.ts',
        find: 'quota: { limit: quota, used, usedByHand: byHand }',
        put: 'quota: { limit: quota, used: used * 0, usedByHand: byHand }',
      },
      {
        file: 'src/store/calls.ts',
        find: 'where quota_use.used < ${quota} returning used',
        put: 'where ${quota} > 0 returning used',
      },
    ],
    seed: 4,
    invariant: 'I7',
  },
  {
    bug: '8-hour shift in what is written to WeCom',
    edits: edit(
      'src/platforms/wecom/from-domain.ts',
      'checkin_time: Math.floor(punch.at.epochMilliseconds / 1000),',
      'checkin_time: Math.floor(punch.at.epochMilliseconds / 1000) - 8 * 3600,',
    ),
    seed: 1,
    invariant: 'I6',
  },
  {
    bug: '8-hour shift in what is asked of DingTalk: the wall clock at UTC',
    edits: edit(
      'src/platforms/dingtalk/wall-clock.ts',
      'const shanghaiOffsetMs = 8 * 3_600_000',
      'const shanghaiOffsetMs = 0',
    ),
    seed: 1,
    invariant: 'I1',
  },
  {
    bug: 'what is written to DingTalk loses its seconds',
    edits: edit(
      'src/platforms/dingtalk/from-domain.ts',
      'user_check_time: Math.floor(punch.at.epochMilliseconds / 1000) * 1000,',
      'user_check_time: Math.floor(punch.at.epochMilliseconds / 60_000) * 60_000,',
    ),
    seed: 2,
    invariant: 'I6',
  },
  {
    bug: 'a void punch is forwarded',
    edits: edit('src/platforms/dingtalk/to-domain.ts', 'isVoid: invalid !== null', 'isVoid: false'),
    seed: 157,
    invariant: 'I6',
  },
  {
    bug: 'what a revision replaces is not kept',
    edits: edit(
      'src/store/migrations/0001-journey.ts',
      'old.raw_id, old.landed_at;',
      'old.raw_id, old.landed_at where false;',
    ),
    seed: 25,
    invariant: 'I2',
  },
  {
    bug: 'complete up to now, whatever was read',
    edits: edit(
      'src/store/legs.ts',
      'select ${tenant}, ${route}, ${source}, r."to", r.started',
      'select ${tenant}, ${route}, ${source}, r."to" + interval \'1 day\', r.started',
    ),
    seed: 1,
    invariant: 'I9',
  },
  {
    bug: 'the word that two accounts are not one human is forgotten',
    edits: edit(
      'src/store/links.ts',
      'for good: their explicit links go, and no evidence brings them together again. */\nexport async function partPairs(\n  db: Executor,\n  tenant: TenantId,\n  pairs: readonly PairRow[],\n  word: { by: string; at: Temporal.Instant },\n): Promise<void> {\n  if (pairs.length === 0) return',
      '*/\nexport async function partPairs(\n  db: Executor,\n  tenant: TenantId,\n  pairs: readonly PairRow[],\n  word: { by: string; at: Temporal.Instant },\n): Promise<void> {\n  if (pairs.length >= 0) return',
    ),
    seed: 41,
    invariant: 'I6',
  },
  {
    bug: 'a month’s calls are counted by organisation, not by tenant',
    edits: edit(
      'src/store/calls.ts',
      'select ${tenant}, ${corpId}, ${month.toString()}::date, 1, ${byHand} where',
      'select coalesce((select min(tenant_id) from quota_use where corp_id = ${corpId}), ${tenant}), ${corpId}, ${month.toString()}::date, 1, ${byHand} where',
    ),
    seed: 7,
    invariant: 'I10',
  },
  {
    bug: 'a token stands in the call log',
    edits: edit(
      'src/platforms/exchange.ts',
      "log('ok', null)\n",
      "log('ok', trouble('unknown', { text: request.url }))\n",
    ).concat(
      edit(
        'src/platforms/mask.ts',
        "return masked.replace(inJson, '$1***').replace(inQuery, '$1***').replace(mobile",
        'return text.replace(mobile',
      ),
    ),
    seed: 1,
    invariant: 'I11',
  },
  {
    bug: 'a way that failed once is never tried again',
    edits: edit(
      'src/app/run-lane.ts',
      'const retryAt = now.add({ milliseconds: Math.max(backoffMs(tries, parts.random), waitOf(failure)) })',
      'const retryAt = now.add({ hours: 24 * 20, milliseconds: waitOf(failure) })',
    ),
    seed: 117,
    invariant: 'I3',
  },
  {
    bug: 'a record that was written comes once more when its punch is amended',
    edits: [
      {
        file: 'src/store/deliveries.ts',
        find: "set reason = case when punch.is_void or punch.at <> delivery.at then 'amended' end\n",
        put: "set state = 'waiting', batch_id = null, reason = null\n",
      },
      {
        file: 'src/domain/decide-delivery.ts',
        find: "if (known.isThere) return { kind: 'alreadyThere' }",
        put: "if (known.isThere && known.isVoid) return { kind: 'alreadyThere' }",
      },
    ],
    seed: 37,
    invariant: 'I3',
  },
  {
    bug: 'the last group of people, which is not full, is never read',
    edits: edit(
      'src/journey/read-source.ts',
      'for (let i = 0; i < together.length; i += readPeople)',
      'for (let i = 0; i + readPeople <= together.length; i += readPeople)',
    ),
    seed: 1,
    invariant: 'I1',
  },
  {
    bug: 'a batch that is not full is planned and never sent',
    edits: edit(
      'src/journey/carry.ts',
      'if (courier) await sendRest(plan, courier, tally)',
      'if (courier) await courier.drain()',
    ),
    seed: 2,
    invariant: 'I3',
  },
  {
    bug: 'of a route both ways the way back is forgotten',
    edits: edit(
      'src/domain/direction.ts',
      "direction === 'both' ? [legs['dingtalk-to-wecom'], legs['wecom-to-dingtalk']]",
      "direction === 'both' ? [legs['dingtalk-to-wecom']]",
    ),
    seed: 2,
    invariant: 'I3',
  },
]
