import type { Messages } from '../zh.ts'
import { counted, formFor } from './counted.ts'
import { platformNames } from './failures.ts'

/** What the commands answer, in sentences. Times arrive already written out. */
export const reports: Messages['reports'] = {
  platform: (name) => (platformNames as Record<string, string>)[name] ?? name,
  none: 'none',
  yes: 'yes',
  no: 'no',
  next: 'Next',
  listSeparator: ', ',
  apply: {
    created: (count) => `${count} created`,
    changed: (count) => `${count} changed`,
    unchanged: (count) => `${count} unchanged`,
    notInFile: (count) => `${count} not in the file, left as they are`,
    ended: (count) =>
      `${counted(count, 'link stays', 'links stay')} ended: somebody else holds a user id of theirs now (npx qintong link, if it is right all the same)`,
    dryRun: 'This was a rehearsal; nothing was changed.',
    nextCheck: 'npx qintong check shows whether the connections are ready.',
    nextApply: 'leave out --dry-run to put it into effect.',
  },
  check: {
    ok: 'ready',
    notOk: 'not ready',
    where: 'where',
    nextFix: 'see the items marked ✗, then run npx qintong check again.',
    nextPlan: 'npx qintong plan --route <route> rehearses a sync.',
    nothing: 'There is no connection yet.',
  },
  window: (route, from, to) => `Route ${route}, from ${from} to ${to}`,
  people: {
    counts: (linked, suggested, conflicting, unmatched) =>
      `People: ${linked} linked, ${suggested} suggested, ${conflicting} conflicting, ${unmatched} unmatched`,
    heads: ['name', 'status', 'accounts', 'because', 'perhaps', 'sure', 'what would change it'],
    nobody: 'There are no people yet: run npx qintong sync --route <route> once.',
    nextLink:
      'npx qintong confirm connection:userId accepts a suggestion, npx qintong link A B names the account yourself; for many at once, npx qintong links export mapping.xlsx. Their punches then travel.',
    noSuggestion:
      'npx qintong link A B says who somebody is; for many at once, npx qintong links export mapping.xlsx.',
    allLinked: 'everybody is linked.',
    elsewhere: ' (also at another subsidiary)',
  },
  identity: {
    heads: ['status', 'accounts', 'sure', 'weight', 'because', 'what would change it'],
    counts: (linked, suggested, conflicting, unmatched) =>
      `accounts: ${linked} linked, ${suggested} suggested, ${conflicting} conflicting, ${unmatched} unmatched`,
    more: (count) => `… and ${count} more ${formFor(count, 'pair', 'pairs')}; --json shows all`,
    done: (accounts, badLines, took) =>
      `${counted(accounts, 'account')}, ${counted(badLines, 'line')} passed over, ${took}.`,
    unreadable: (file, reason) => `cannot read ${file}: ${reason}`,
    badLine: (line, problem) => `line ${line} passed over: ${problem}`,
    moreBadLines: (count) => `… and ${count} more ${formFor(count, 'line', 'lines')} passed over`,
    problems: {
      'not-json': 'not JSON',
      'not-an-object': 'not a JSON object',
      'no-connection': 'connection is missing',
      'no-user-id': 'userId is missing',
      duplicate: 'the same as an earlier line',
    },
  },
  punches: {
    read: (read, fresh, unchanged, revised) =>
      `${counted(read, 'punch', 'punches')} read: ${fresh} new, ${unchanged} unchanged, ${revised} revised`,
    skipped: (parts) => `Not travelling: ${parts}`,
    skippedNames: {
      void: 'void',
      echo: 'echo',
      merged: 'same second',
      tooOld: 'too old',
      future: 'not due yet',
      gone: 'withdrawn',
    },
    heads: ['time', 'name', 'account', 'void', 'place', 'deliveries'],
    none: 'No punches in this window.',
    total: (count) => `${counted(count, 'punch', 'punches')} in all.`,
  },
  deliveries: {
    planned: (planned) => `${counted(planned, 'punch', 'punches')} to write`,
    written: (written) => `${counted(written, 'punch', 'punches')} written`,
    nothingWritten: 'Nothing had to be written; no platform was written to',
    outcome: (verified, alreadyThere, held, refused, inDoubt) =>
      `Outcome: ${verified} verified, ${alreadyThere} already there, ${held} held, ${refused} refused, ${inDoubt} in doubt`,
    heldNames: {
      unlinked: 'unlinked',
      suggested: 'suggested',
      conflicting: 'conflicting',
      approvedSlot: 'filled by an approval',
      voidThere: 'a void punch stands there in the same second',
      amended: 'amended after delivery, to be put right in WeCom by hand',
      waiting: 'to be written',
      outOfCalls: 'waiting for metered calls',
      braked: 'the route has stopped by itself',
    },
    heldBecause: (parts) => `Held because: ${parts}`,
    inDoubtBecause: (parts) => `In doubt because: ${parts}`,
  },
  calls: {
    used: (text) => `Calls: ${text}`,
    least: (text) => `Least possible: ${text}`,
    expected: (text) => `Expected calls: ${text}`,
    spent: (text) => `This rehearsal spent: ${text}`,
    quota: (connection, used, quota) => `${connection}: ${used} of ${quota} metered calls used this month`,
    outlook: (expected) => `, ${expected} by its end as planned`,
    events: (used, quota) => `; event deliveries ${used}/${quota}`,
    timesLeast: (times, least) => `, ${times} times the fewest possible (${least})`,
    heads: ['time', 'connection', 'call', 'ms', 'outcome', 'their code', 'cost'],
    none: 'No calls yet.',
    noneFailed: 'No failed calls.',
  },
  took: (text) => `Took ${text}`,
  willTake: (text) => `Will take about ${text}, waiting for the platform to show it not counted`,
  sync: {
    done: 'everything is done and verified.',
    nextHeld: (route) =>
      `punches wait for people to be linked: see npx qintong people --route ${route}, then npx qintong confirm or link; for many at once, npx qintong links export.`,
    nextDoubt: (route) =>
      `punches were not seen yet: run npx qintong sync --route ${route} later; it looks before it sends anything again.`,
    nextRefused: 'the platform refused punches: npx qintong calls --failed shows why.',
    nextOutOfCalls: (route) =>
      `punches wait because DingTalk's calls of this month are short: all are kept, and written when there are calls again; npx qintong plan --route ${route} says what a larger edition, a narrower scope and one way alone would take.`,
    nextBraked: (route) =>
      `this route wrote far more records than there were punches, so writing has stopped by itself while reading goes on: when the cause is found, run npx qintong resume ${route}.`,
  },
  plan: {
    heads: ['name', 'userid', 'status', 'to write', 'held'],
    more: (count) => `… and ${count} more; --json shows everybody`,
    next: (route) => `npx qintong sync --route ${route} does it.`,
    writing: {
      window: (records, calls, allowed) =>
        `${counted(records, 'record')} for DingTalk, a metered call each, ${calls} calls with looking before and after; calls are there for ${allowed} now`,
      month: (calls, perMonth, left) =>
        `At this pace writing takes ${calls} more calls this month and about ${perMonth} in a whole one; ${left} are left for it besides reading every day`,
      enough: 'Writing stays within the quota, at no price.',
      tooDear: (day) =>
        `The quota does not suffice: at this pace it is gone on ${day}. What goes beyond is not written, is kept here until the next month, and is not lost. The choices:`,
      nextMonth: (from) => `from ${from} the quota suffices, and the rest is written by itself`,
      narrowScope: (people) => `a narrower scope: at most ${people} people in the scope of setup.yaml`,
      oneWay: 'one way alone, direction: dingtalk-to-wecom: writing into WeCom is not metered',
    },
  },
  route: {
    paused: (route) => `Route ${route} is paused: nothing is read or written, the data stays.`,
    resumed: (route) => `Route ${route} continues.`,
    released: (route) => `Route ${route} may write again; what waits is written next.`,
    alreadyPaused: (route) => `Route ${route} was paused already.`,
    alreadyRunning: (route) => `Route ${route} was not paused.`,
    resent: (route, count) =>
      count > 0
        ? `${counted(count, 'punch', 'punches')} of route ${route} ${formFor(count, 'is', 'are')} looked for and then written by the next sync.`
        : `Route ${route} has nothing to send again.`,
  },
  links: {
    exported: (file, rows, open) =>
      `${counted(rows, 'row')} written to ${file}; ${open} of them ${formFor(open, 'waits', 'wait')} for a decision.`,
    cleaning: (count) =>
      count > 0 ? `The cleaning list has ${counted(count, 'item')}.` : 'The cleaning list is empty.',
    kept: (file) => `The file that was there is now ${file}.`,
    tooLong: (most) =>
      `Note: these are more rows than links import takes back at once (about ${most}); the file will be refused when it is filled in.`,
    inParts: 'Export it by route, or by subsidiary with --subsidiary S:',
    part: (file, route, rows) =>
      `npx qintong links export ${file} --route ${route} (${counted(rows, 'row')})`,
    onlyOpen:
      'Before the import keep the rows to be decided (they stand first) and delete the others: whoever is not listed stays as they are.',
    nextEdit: (file) => `Fill in the Decision column and run npx qintong links import ${file}.`,
    rowHeads: ['row', 'decision', 'route', 'DingTalk account', 'WeCom account', 'note'],
    moreRows: (count) => `… and ${count} more rows; --json shows all`,
    imported: (linked, unlinked, unchanged, ignored) =>
      `${counted(linked, 'row')} newly linked, ${unlinked} taken apart, ${unchanged} as before, ${ignored} without a decision.`,
    dryRun: 'This was a rehearsal; nothing was changed.',
    nextImport: (file) => `Without --dry-run it takes effect: npx qintong links import ${file}.`,
    marked: (file) => `The marked file is ${file}`,
    nextSync: 'Run npx qintong sync --route R; punches that were held then flow.',
    nothing: 'There is nothing to change.',
  },
  link: {
    made: (a, b) => `${a} and ${b} are linked.`,
    same: (a, b) => `${a} and ${b} were linked already.`,
    displaced: (account) =>
      `Note: ${account} was linked to this account and is not any more; its punches wait for a new link.`,
    released: (count) => `${counted(count, 'punch', 'punches')} that waited will travel with the next sync.`,
    removed: (account, from) =>
      from === ''
        ? `${account} has no link.`
        : `The link of ${account} to ${from} is taken apart and will not be made again by itself.`,
    apartAlready: (a, b) => `Nothing has changed: ${a} and ${b} were two people already.`,
    split: (a, b) => `${a} and ${b} are two people and will not be linked by themselves.`,
    nextSync: (route) => `npx qintong sync --route ${route} sends them now.`,
    nextPeople: 'npx qintong people shows who is who now.',
  },
  tenant: {
    heads: ['tenant', 'name'],
    added: (key, name) => `added tenant ${key} (${name})`,
    renamed: (key, name) => `tenant ${key} is called ${name} now`,
    next: (key) =>
      `declare its connections and routes with npx qintong --tenant ${key} apply -f setup.yaml; a running serve hears its events and alarms after a restart.`,
  },
  keys: {
    done: (count, file) => `sealed ${counted(count, 'secret')} with a fresh key, which is in ${file}`,
    nextFile:
      'the old key stays beside it as secret.key.before; delete it when all is well, and make a new backup.',
    nextVariable: (file) =>
      `set QINTONG_SECRET_KEY to what is in ${file} and start again; then delete the file, and make a new backup.`,
  },
  backup: {
    written: (file, tables, rows, bytes) =>
      `backed up to ${file}: ${counted(tables, 'table')}, ${counted(rows, 'row')}, ${counted(bytes, 'byte')}, read back and compared`,
    restored: (file, at, rows) =>
      `restored ${counted(rows, 'row')} from ${file} (a backup of ${at}), compared`,
    checked: (file, at, tables, rows, schema) =>
      `${file} is whole: a backup of ${at}, ${counted(tables, 'table')}, ${counted(rows, 'row')}, schema ${schema}`,
    migrated: (count) => `the backup is of an earlier version: brought forward by ${counted(count, 'step')}`,
    keys: {
      same: 'the key is the one in the backup',
      adopted:
        'the home uses the key in the backup from now on; the one before stays beside it as secret.key.before',
      resealed: 'secrets were sealed anew with QINTONG_SECRET_KEY',
    },
    writesFrom: (at) =>
      `nothing is written to a platform before ${at}: what was written since the backup has to show first, or it would be written twice; reading goes on`,
    before: (file) => `what was there before is in ${file}`,
    nextSealed: 'keep the passphrase apart from the backup.',
    nextOpen:
      'the file holds the key, and with it every secret: keep it safe, or seal it with --passphrase-file.',
    nextCheck: 'look with npx qintong status, and check the connections with npx qintong check.',
  },
  simulate: {
    told: (seeds: number, days: number, took: string) =>
      `told ${counted(seeds, 'seed')}, ${counted(days, 'day')} each, in ${took}`,
    counts: (wakes: number, kills: number, punches: number, written: number) =>
      `woken ${wakes} times, killed ${kills} times; ${counted(punches, 'punch', 'punches')}, ${counted(written, 'record')} written`,
    pace: (days: number) => `${counted(days, 'virtual day')} a minute`,
    hash: (hash: string) => `hash ${hash} (the same seeds and code give the same)`,
    held: 'every invariant held',
    broken: (count: number) => `${counted(count, 'seed')} broke an invariant:`,
    seed: (seed: number) => `seed ${seed}`,
    story: '  the shortest story that still does:',
  },
  runs: {
    heads: ['id', 'route', 'state', 'window', 'started', 'took', 'verified', 'open'],
    none: 'No sync yet.',
    states: { queued: 'queued', running: 'running', done: 'done', failed: 'failed', withdrawn: 'withdrawn' },
  },
  status: {
    nothing: 'There is no route yet: run npx qintong apply -f setup.yaml.',
    complete: (route, to, have, all) => `Route ${route}: complete up to ${to} for ${have} of ${all}`,
    never: (route) => `Route ${route}: never synced`,
    way: (from: string, to: string) => `${from} → ${to}: `,
    neverThisWay: 'never read',
    completeThisWay: (to: string, have: number, all: number) => `complete up to ${to} for ${have} of ${all}`,
    standsStill: (why: string, retryAt: string) => `stands still: ${why}; next try ${retryAt}`,
    readGap: (route, day) => `Run npx qintong sync --route ${route} --from ${day} to read the missing days.`,
    paused: ' (paused)',
    braked: (since, writes, punches) =>
      `Nothing is written since ${since}: ${writes} records for ${counted(punches, 'real punch', 'real punches')}; reading goes on.`,
    waiting: (held, refused, inDoubt) =>
      `Waiting for a person: ${held} held, ${refused} refused, ${inDoubt} in doubt`,
    allClear: 'Nothing waits for a person.',
    where: (version, home, database) =>
      `Qintong ${version}, home ${home}, ${database === 'embedded' ? 'embedded' : 'external'} database`,
  },
  serve: {
    ready: (url) => `Qintong is running: ${url}`,
    signIn: 'It answers this machine only; no sign-in is needed.',
    worker: 'The worker is running.',
    stop: 'Ctrl-C stops it; the data stays.',
    stopped: 'Stopped.',
    alreadyRunning: (url) => `Qintong is already running: ${url}`,
  },
  demo: {
    starting: 'Preparing the sample company and the sandbox …',
    sandbox: (dingtalk, wecom) => `Sandbox: DingTalk ${dingtalk}, WeCom ${wecom}`,
    firstSync: 'First sync …',
    firstSyncFailed: 'The first sync did not finish; the service goes on as scheduled:',
    home: (path) => `The data is in ${path}`,
  },
  sandbox: {
    ready: (dingtalk, wecom) => `The sandbox is running: DingTalk ${dingtalk}, WeCom ${wecom}`,
    setup: 'Save this as setup.yaml and run npx qintong apply -f setup.yaml:',
    page: (url) => `Look at both platforms and bring misfortune in a browser: ${url}/_sandbox/`,
    switches: (url) => `Fault switches: ${url}/_sandbox/faults; the world: ${url}/_sandbox/world`,
  },
}
