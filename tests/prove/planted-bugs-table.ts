import { type Edit, edit } from './plant.ts'

/** One bug: what goes wrong, the replacements that plant it (each fits its file exactly once), the test that must notice. */
export type PlantedBug = {
  bug: string
  edits: readonly Edit[]
  test: string
  name: string
}

/** The fence is looked at when the lease is kept, when decisions are saved and when a batch is claimed. */
export const droppedFence: readonly Edit[] = [
  ...edit('src/store/lanes.ts', 'fence} returning 1`', 'fence} is not null returning 1`'),
  ...edit('src/store/lanes.ts', 'and lane.fence = held.fence', 'and lane.fence is not null'),
  ...edit('src/store/batches.ts', 'lane.fence = ${batch.fence} and', 'lane.fence is not null and'),
]

const journeys = (file: string) => `tests/journeys/${file}.test.ts`

/** The mistakes that would cost or double a punch, or break a promise, if anybody made them. */
export const plantedBugs: readonly PlantedBug[] = [
  {
    bug: 'resend without reading back',
    edits: edit(
      'src/journey/5-deliver.ts',
      'const answer = await writeOrStop(journey, parcels, notAfter)\n',
      "let answer = await writeOrStop(journey, parcels, notAfter)\n  if (answer !== 'stopped' && answer.kind === 'lost') answer = await writeOrStop(journey, parcels, notAfter)\n",
    ),
    test: journeys('lost-answers'),
    name: 'a write whose answer was lost is looked for, found, and not written again',
  },
  {
    bug: 'a lost answer is taken for a call that never left',
    edits: edit(
      'src/platforms/trouble.ts',
      "reset:       { code: 'platform.broken-off',        outcome: 'lost', ",
      "reset:       { code: 'platform.broken-off',        outcome: 'notSent', ",
    ),
    test: journeys('lost-answers'),
    name: 'a write whose answer was lost is looked for, found, and not written again',
  },
  {
    bug: 'a write that a kill cut short is planned anew',
    edits: edit(
      'src/store/batches.ts',
      "update batch set state = 'inDoubt', ended_at",
      "update batch set state = 'planned', ended_at",
    ),
    test: journeys('lost-answers'),
    name: 'a process killed with its write in flight leaves a doubt that the next one settles by looking',
  },
  {
    bug: 'a miss is judged before the longest visibility delay',
    edits: edit(
      'src/domain/judge-read-back.ts',
      'visibilityMaxMs * 2 ** misses',
      '(visibilityMaxMs * 2 ** misses) / 3',
    ),
    test: journeys('lost-answers'),
    name: 'a lost answer whose record shows late is waited for, not written again',
  },
  {
    bug: 'WeCom ids are compared with their case',
    edits: edit('src/domain/ids.ts', "platform === 'wecom' ? userId.toLowerCase() : userId", 'userId'),
    test: journeys('lost-answers'),
    name: 'what the platform itself echoes in another case is recognised, and not written again',
  },
  {
    bug: '8-hour shift in what is written',
    edits: edit(
      'src/platforms/wecom/from-domain.ts',
      'checkin_time: Math.floor(punch.at.epochMilliseconds / 1000),',
      'checkin_time: Math.floor(punch.at.epochMilliseconds / 1000) + 8 * 3600,',
    ),
    test: journeys('times'),
    name: 'a punch arrives at the very second it was made in Shanghai',
  },
  {
    bug: '8-hour shift in what is asked: the wall clock at UTC',
    edits: edit(
      'src/platforms/dingtalk/wall-clock.ts',
      'const shanghaiOffsetMs = 8 * 3_600_000',
      'const shanghaiOffsetMs = 0',
    ),
    test: journeys('times'),
    name: 'a day is a day in Shanghai, its first and its last second included',
  },
  {
    bug: 'the wall clock of the server',
    edits: edit(
      'src/platforms/dingtalk/wall-clock.ts',
      'new Date(at.epochMilliseconds + shanghaiOffsetMs)',
      'new Date(at.epochMilliseconds - new Date(at.epochMilliseconds).getTimezoneOffset() * 60_000)',
    ),
    test: journeys('times'),
    name: 'a day is a day in Shanghai, its first and its last second included',
  },
  {
    bug: 'forwarded void punch',
    edits: edit('src/platforms/dingtalk/to-domain.ts', 'isVoid: invalid !== null', 'isVoid: false'),
    test: journeys('what-travels'),
    name: 'a void punch never travels, and is counted',
  },
  {
    bug: 'forwarded punch that became void while it was held',
    edits: edit(
      'src/domain/decide-delivery.ts',
      "if (known.isVoid) return { kind: 'skip', because: 'void' }\n",
      '\n',
    ),
    test: journeys('what-travels'),
    name: 'a punch made void while it was held does not travel when its link is made',
  },
  {
    bug: 'two punches in one second are two deliveries',
    edits: edit(
      'src/journey/4-decide.ts',
      'isMerged: leader !== undefined && leader !== item.punchId',
      'isMerged: false',
    ),
    test: journeys('what-travels'),
    name: 'two punches of one person in one second are one delivery',
  },
  {
    bug: 'what WeCom already shows is written again',
    edits: edit(
      'src/journey/4-decide.ts',
      'isThere: isRead && shown.seconds.get(twin.key)!.has(item.at) && !isVoidThere',
      'isThere: false',
    ),
    test: journeys('what-travels'),
    name: 'a punch WeCom already shows in that second is not written again',
  },
  {
    bug: 'an approval outside the punches’ own seconds is not seen',
    edits: edit(
      'src/journey/shown.ts',
      'cutSpan(around(span, journey.policy.slotRadius), readDays)',
      'cutSpan(span, readDays)',
    ),
    test: journeys('what-travels'),
    name: 'a slot that an approval filled is never overwritten: the punch is held',
  },
  {
    bug: 'no lookback: only yesterday is read again',
    edits: edit('src/domain/window.ts', 'const defaultDays = 7', 'const defaultDays = 1'),
    test: journeys('what-travels'),
    name: 'a punch uploaded late, inside a window read long ago, is still carried',
  },
  {
    bug: 'batch over 200',
    edits: edit('src/platforms/wecom/limits.ts', 'records: 200,', 'records: 201,'),
    test: journeys('batches'),
    name: 'writes go in the fewest batches, none above two hundred records',
  },
  {
    bug: 'a refused batch is sent again whole',
    edits: edit(
      'src/journey/decide-group.ts',
      'if (!wasSplit || !item) continue',
      'if (wasSplit || !item) continue',
    ),
    test: journeys('batches'),
    name: 'a refused record is found among smaller and smaller parts, with a read between, where the platform stores nothing',
  },
  {
    bug: 'name-only match',
    edits: edit(
      'src/domain/identity/edge.ts',
      "return beside >= policy.softBits ? 'soft' : 'none'",
      "return 'soft'",
    ),
    test: journeys('who-is-who'),
    name: 'an equal name alone carries nothing: the punch is held for a person to look at',
  },
  {
    bug: 'what was held is forgotten once its window is past',
    edits: edit(
      'src/store/punches.ts',
      "state in ('held', 'waiting', 'inDoubt')",
      "state in ('waiting', 'inDoubt')",
    ),
    test: journeys('who-is-who'),
    name: 'held punches flow the moment a link is made, however old the window they came in',
  },
  {
    bug: 'fence dropped',
    edits: droppedFence,
    test: journeys('fence'),
    name: 'a punch that a link set free goes once, though a frozen process wakes and would send it too',
  },
  {
    bug: 'the lease is not kept while the platform is slow',
    edits: edit('src/app/sides.ts', 'await lanes.keep()\n', '\n'),
    test: journeys('fence'),
    name: 'a process at work keeps its lanes, however slow the platform is',
  },
  {
    bug: 'one lock for all holders of a lane',
    edits: edit(
      'src/store/lanes.ts',
      '({ tenant, connection, fence }: LaneFence): string =>',
      '({ tenant, connection }: LaneFence, fence = 1): string =>',
    ),
    test: journeys('fence'),
    name: 'the end of a frozen process does not free the lanes of the one that took them over',
  },
  {
    bug: 'GCRA too fast',
    edits: edit(
      'src/platforms/pacer.ts',
      '(perSeconds * 1000 + bothEndsMs) / (calls * pace)',
      '(perSeconds * 1000 + bothEndsMs) / (calls * pace * 1.5)',
    ),
    test: 'src/platforms/pacer.test.ts',
    name: 'no window ever holds more calls than the limit, whatever the arrivals',
  },
  {
    bug: 'a secret in a log',
    edits: edit(
      'src/platforms/mask.ts',
      "if (secret.length >= 6) masked = masked.replaceAll(secret, '***')",
      ';',
    ),
    test: 'src/platforms/gate.test.ts',
    name: 'no token, secret or full mobile number reaches the log or a failure, even when the platform echoes them',
  },
  {
    bug: 'who was not read counts as complete',
    edits: edit('src/journey/keep-readings.ts', 'trouble: troubles.get(key) ?? null }', 'trouble: null }'),
    test: journeys('freshness'),
    name: 'who cannot be read is told apart from the others, who are complete; read again, everybody is',
  },
  {
    bug: 'a hole in what was read is passed over',
    edits: edit('src/domain/freshness.ts', 'return touches ?', 'return touches || true ?'),
    test: journeys('freshness'),
    name: 'days that no run has read are said to be missing until they are read',
  },
  {
    bug: 'a record nobody punched is not seen by the checker',
    edits: edit(
      'src/simulation/check-end-state.ts',
      'if (!wanted.has(key)) (excused',
      'if (wanted.has(key)) (excused',
    ),
    test: 'src/simulation/check-end-state.test.ts',
    name: 'when a record stands where nobody punched',
  },
  {
    bug: 'kept data of one tenant end with another’s days',
    edits: edit(
      'src/store/retention.ts',
      'where tenant_id = ${tenant} and ${since} <',
      'where tenant_id is not null and ${tenant} > 0 and ${since} <',
    ),
    test: 'src/store/retention.test.ts',
    name: 'what is older than its days goes, of this tenant alone, and the rest stays',
  },
  {
    bug: 'who did what is forgotten with the call log',
    edits: edit('src/store/retention.ts', "table: 'audit', days: auditDays", "table: 'audit', days: 'calls'"),
    test: 'src/store/retention.test.ts',
    name: 'who did what is kept for five years, which is longer than the law asks',
  },
  {
    bug: 'a scheduled backup holds the key of the environment in clear',
    edits: edit(
      'src/open-backups.ts',
      'const passphrase = settings.secretKey?.trim() ?? null',
      'const passphrase = null',
    ),
    test: 'src/open-backups.test.ts',
    name: 'a key of the environment is not written down: it is the passphrase',
  },
  {
    bug: 'a restore counts before it was compared',
    edits: edit(
      'src/backup/restore-backup.ts',
      '    await compareAll(client,',
      "    await client.query('commit')\n    await client.query('begin')\n    await compareAll(client,",
    ),
    test: journeys('restore-killed'),
    name: 'a restore that is killed has changed nothing, and what is there is served',
  },
  {
    bug: 'the key of restored data is kept only after they count',
    edits: edit('src/back-up.ts', '    await keepNextKey(home.path, secretKey)\n', ''),
    test: journeys('restore-killed-at-home'),
    name: 'a restore killed with the data there and the next key not taken leaves data and a key that opens them',
  },
  {
    bug: 'wrong secrets are counted for each connection alone',
    edits: edit('src/platforms/gate.ts', 'isProven || !addressPace ? ask()', 'isProven || true ? ask()'),
    test: journeys('banned'),
    name: 'many connections with wrong secrets do not get the address banned for those whose secrets are right',
  },
  {
    bug: 'alarms go on calling a platform that bans our address',
    edits: edit(
      'src/platforms/channels/away-while-banned.ts',
      'if (until === null) return send',
      'if (until === null || until > 0) return send',
    ),
    test: 'src/app/watch-alarms.test.ts',
    name: 'while our address is banned the robot behind the same shield is told nothing, and everything afterwards',
  },
]
