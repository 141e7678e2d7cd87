import type { RosterDoubt } from '#domain/doubt-roster.ts'
import type { Failures, PlatformFacts } from '#domain/failures.ts'
import type { Messages } from '../zh.ts'
import { links } from './links.ts'
import { places } from './places.ts'
import { sheetProblem } from './sheets.ts'

export const platformNames: Messages['platformNames'] = { dingtalk: 'DingTalk', wecom: 'WeCom' }

const seconds = (ms: number) => `${Math.max(1, Math.ceil(ms / 1000))} s`
/** What the platform itself said, for its support. */
const said = ({ theirCode, theirText, requestId }: PlatformFacts) => {
  const words = [theirCode, theirText].filter(Boolean).join(' ')
  const parts = [words && `it said: ${words}`, requestId && `request id ${requestId}`].filter(Boolean)
  return parts.length > 0 ? ` (${parts.join('; ')})` : ''
}
const at = ({ platform, connection, api }: PlatformFacts) =>
  `${platformNames[platform]} (connection ${connection}${api ? `, call ${api}` : ''})`
const known = (names: string[]) =>
  names.length > 0 ? `There are: ${names.join(', ')}. ` : 'There is none yet. '
const page = (facts: PlatformFacts, dingtalk: string, wecom: string) =>
  places[facts.platform === 'dingtalk' ? dingtalk : wecom]
const apply = 'run npx qintong apply -f setup.yaml'

function grant({ platform, api, theirCode, scopes }: Failures['platform.no-permission']): string {
  if (platform === 'dingtalk') {
    const which = scopes.length > 0 ? scopes.join(', ') : 'the permission this call needs'
    const edition =
      api === 'upload'
        ? ' If it is still refused then, your DingTalk edition may not include writing punches: ask DingTalk.'
        : ''
    return `Request ${which} at ${places['dingtalk.permissions']}, then publish a new version at ${places['dingtalk.publish']}.${edition}`
  }
  if (theirCode === '60011' || theirCode === '50002')
    return `A member or department is outside the app's range: add everybody whose attendance is synced at ${places['wecom.visible-range']}.`
  if (theirCode === '48009')
    return "This secret may not read contacts: use the self-built app's secret in setup.yaml and set its visible range."
  const app = /checkin/i.test(api)
    ? 'Add this app'
    : 'Allow this call for the app, or for check-in calls add the app'
  return `${app} at ${places['wecom.checkin-api-apps']}.`
}

const doubtText = (doubt: RosterDoubt): string => {
  switch (doubt.code) {
    case 'many-lost':
      return `${doubt.lost} of ${doubt.of} known people were missing at once`
    case 'nobody-listed':
      return `nobody was listed, while ${doubt.of} people are known`
    case 'undone':
      return `it is the same as import ${doubt.import}, which was just taken back`
  }
}

/** Every failure in words: what happened, and what to do. */
export const failures: Messages['failures'] = {
  'platform.bad-credentials': (facts) => ({
    title: `${at(facts)} does not accept these credentials${said(facts)}`,
    hint:
      facts.platform === 'dingtalk'
        ? `Check corpId, clientId and clientSecret at ${places['dingtalk.credentials']}, correct setup.yaml and ${apply}.`
        : `Check corpId at ${places['wecom.corp-id']} and secret at ${places['wecom.secret']}, correct setup.yaml and ${apply}.`,
  }),
  'platform.credentials-paused': (facts) => ({
    title: `${at(facts)} kept refusing these credentials; asking is paused until ${facts.until} so that the platform does not ban this address`,
    hint: `Correct the secret and ${apply}: it is then tried at once.`,
  }),
  'platform.no-permission': (facts) => ({
    title: `${at(facts)} does not permit this call${said(facts)}`,
    hint: grant(facts),
  }),
  'platform.ip-not-trusted': (facts) => ({
    title: `${platformNames[facts.platform]} refused a request from ${facts.ip || "this machine's egress address"}${said(facts)}`,
    hint: `Add ${facts.ip || 'the egress address'} at ${page(facts, 'dingtalk.ip-list', 'wecom.trusted-ip')}; it takes about a minute, then work goes on by itself. If the address changes, fix it with HTTPS_PROXY.`,
  }),
  'platform.out-of-calls': (facts) => ({
    title: `${platformNames[facts.platform]}: this month's calls are used up (${facts.used}/${facts.quota}, connection ${facts.connection})`,
    hint: `They are free again at ${facts.freeAgainAt}; work goes on by itself then and no punch is lost. To go on sooner, upgrade at ${places['dingtalk.quota']} and change edition in setup.yaml.`,
  }),
  'platform.rate-limited': (facts) => ({
    title: `${at(facts)} limits the call rate for now${said(facts)}`,
    hint: `It lets calls through again in about ${seconds(facts.waitMs)}: run it again then. If it keeps happening, lower PACE (for example 0.5).`,
  }),
  'platform.banned': (facts) => ({
    title: `${at(facts)} has banned this machine's egress address for a while${said(facts)}`,
    hint: `The ban ends in about ${seconds(facts.waitMs)}; nothing is sent until then. See whether another program behind the same address makes many calls.`,
  }),
  'platform.unreachable': (facts) => ({
    title: `Cannot reach ${platformNames[facts.platform]} at ${facts.host} (connection ${facts.connection})`,
    hint: 'Check the network, DNS, the firewall and HTTPS_PROXY; for a dedicated cloud or the sandbox, check endpoints in setup.yaml. Then run it again: what is done is not repeated.',
  }),
  'platform.too-late': (facts) => ({
    title: `${at(facts)}: this write waited too long and was not sent`,
    hint: 'This machine may have slept, or the process stood still. No punch is lost: it is looked for and written again by itself. If it keeps happening, look at the load of this machine, or raise LANE_LEASE.',
  }),
  'platform.timeout': (facts) => ({
    title: `${at(facts)} did not answer within ${seconds(facts.timeoutMs)}`,
    hint: 'Check the network and run it again; on a slow line raise TIMEOUT_MS. A write whose outcome is unknown is looked for before anything is sent again.',
  }),
  'platform.broken-off': (facts) => ({
    title: `The answer of ${at(facts)} broke off`,
    hint: 'Check the network and run it again. A write whose outcome is unknown is looked for before anything is sent again.',
  }),
  'platform.busy': (facts) => ({
    title: `${at(facts)} is busy${said(facts)}`,
    hint: 'It was tried again as the platform advises. Run it again in a few minutes; no punch is lost.',
  }),
  'platform.unreadable-answer': (facts) => ({
    title: `The answer of ${at(facts)} cannot be understood (HTTP ${facts.status}): ${facts.excerpt}`,
    hint: 'Most likely a proxy, a firewall or a wrong dedicated address: check endpoints and HTTPS_PROXY. If it stays, send us this text.',
  }),
  'platform.person-refused': (facts) => ({
    title: `${at(facts)} does not know or may not show these members: ${facts.userIds.slice(0, 5).join(', ')}${facts.userIds.length > 5 ? ` and others, ${facts.userIds.length} in all` : ''}${said(facts)}`,
    hint: `Make sure they are within ${page(facts, 'dingtalk.contacts-scope', 'wecom.visible-range')}; everybody else is unaffected.`,
  }),
  'platform.time-not-taken': (facts) => ({
    title: `${at(facts)} takes no punch of ${facts.at}`,
    hint: `Only punches after ${facts.oldest} that have already happened can be written; this one was not sent. Enter older ones by hand in the console of ${platformNames[facts.platform]}.`,
  }),
  'platform.bad-request': (facts) => ({
    title: `${at(facts)} calls the request malformed${said(facts)}`,
    hint: 'This is usually our mistake: please send us what the platform said and the request id.',
  }),
  'platform.app-disabled': (facts) => ({
    title: `The app or company of ${at(facts)} is disabled${said(facts)}`,
    hint: `Enable it at ${page(facts, 'dingtalk.credentials', 'wecom.secret')} and run it again.`,
  }),
  'platform.unknown-code': (facts) => ({
    title: `${at(facts)} answered with an error we have not met${said(facts)}`,
    hint: "Look it up in the platform's own documentation, and send it to us so that we can explain it here.",
  }),
  'platform.too-large': (facts) => ({
    title: `One answer of ${at(facts)} is too large${said(facts)}`,
    hint: 'Bring --from and --to closer together and try again.',
  }),
  'platform.clock-skew': (facts) => ({
    title: `This machine's clock is ${Math.abs(facts.skewSeconds)} s ${facts.skewSeconds > 0 ? 'behind' : 'ahead of'} ${platformNames[facts.platform]}`,
    hint: 'Set the time right (for example timedatectl set-ntp true) and run it again.',
  }),
  'setup.invalid': ({ file, problems }) => ({
    title: `${file} needs ${problems.length} ${problems.length === 1 ? 'correction' : 'corrections'}; nothing was changed`,
    hint: 'Correct each line as described and run npx qintong apply again.',
  }),
  'setup.unreadable': ({ file, reason }) => ({
    title: `Cannot read ${file}: ${reason}`,
    hint: 'Check the path and its permissions; it must be YAML in UTF-8, for example npx qintong apply -f setup.yaml.',
  }),
  'usage.invalid': ({ what, instead }) => ({ title: `Wrong usage: ${what}`, hint: `Instead: ${instead}` }),
  'store.in-use': ({ processes }) => ({
    title: `Other processes of ours use this database (${processes.length})`,
    hint: `Stop them first: ${processes.join(', ')}; then run it again.`,
  }),
  'store.not-empty': ({ punches }) => ({
    title: `This database holds data already (punches: ${punches})`,
    hint: 'To put the backup in its place add --replace: what is there is saved in the home first, under backups.',
  }),
  'backup.exists': ({ file }) => ({
    title: `The file is there already: ${file}`,
    hint: 'Choose another name; if an interrupted backup left it, delete it first.',
  }),
  'backup.not-written': ({ file, reason }) => ({
    title: `The backup cannot be written to ${file} (${reason})`,
    hint: 'Check the path, permissions and free space, then run it again.',
  }),
  'backup.unreadable': ({ file, because }) => ({
    title: {
      'not-a-backup': `${file} is no backup of ours`,
      'passphrase-needed': `${file} is a sealed backup and needs its passphrase`,
      damaged: `${file} is damaged, or the passphrase is another one`,
    }[because],
    hint:
      because === 'not-a-backup'
        ? 'Nothing was changed. Try another backup.'
        : 'Nothing was changed. Give --passphrase-file, a file whose first line is the passphrase. For a backup that serve made by its schedule under QINTONG_SECRET_KEY this is the value that the variable had then: printenv QINTONG_SECRET_KEY > pass.txt. Else try another backup.',
  }),
  'usage.unknown-tenant': ({ tenant, known: names }) => ({
    title: `There is no tenant ${tenant}`,
    hint: `${known(names)}Add it with npx qintong tenant add ${tenant}.`,
  }),
  'usage.unknown-route': ({ route, known: names }) => ({
    title: `There is no route ${route}`,
    hint: `${known(names)}Routes are declared under routes in setup.yaml; then ${apply}.`,
  }),
  'usage.unknown-subsidiary': ({ subsidiary, known: names }) => ({
    title: `There is no subsidiary ${subsidiary}`,
    hint: `${known(names)}Subsidiaries are declared under subsidiaries in setup.yaml; then ${apply}.`,
  }),
  'usage.unknown-connection': ({ connection, known: names }) => ({
    title: `There is no connection ${connection}`,
    hint: `${known(names)}Connections are declared under connections in setup.yaml; then ${apply}.`,
  }),
  'usage.no-channels': () => ({
    title: 'There are no alarm channels to test yet',
    hint: 'Add alarms to setup.yaml (a WeCom or DingTalk chat robot, e-mail, a webhook), run npx qintong apply -f setup.yaml and test again.',
  }),
  'usage.unknown-channel': ({ channel, known: names }) => ({
    title: `There is no alarm channel ${channel}`,
    hint: `${known(names)}Channels are declared under alarms in setup.yaml; then ${apply}.`,
  }),
  'usage.unknown-account': ({ account }) => ({
    title: `There is no account ${account}`,
    hint: 'An account is written connection:userId, for example hq-dingtalk:u001; npx qintong people lists them all.',
  }),
  'usage.same-connection': ({ connection }) => ({
    title: `Both accounts are in connection ${connection}: they cannot be linked as one person`,
    hint: 'Name accounts of two connections, e.g. npx qintong link hq-dingtalk:u001 hq-wecom:zhangsan. Where one person has two accounts in one place, merge or delete one of them on that platform.',
  }),
  'usage.no-suggestion': ({ account, candidates }) => ({
    title:
      candidates.length > 0
        ? `This account is not among the candidates for ${account}`
        : `Nothing is suggested for ${account}`,
    hint:
      candidates.length > 0
        ? `The candidates are ${candidates.join(', ')}; if it is another account all the same, use npx qintong link.`
        : 'If you know who it is, use npx qintong link with both accounts; npx qintong people lists who waits to be confirmed.',
  }),
  'usage.which-suggestion': ({ account, candidates }) => ({
    title: `${account} has ${candidates.length} candidates: say which one`,
    hint: `Name one of them: npx qintong confirm ${account} ${candidates[0]}; the candidates are ${candidates.join(', ')}.`,
  }),
  'usage.unknown-act': ({ act }) => ({
    title: `There is no act ${act} to take back`,
    hint: 'It does not exist, or was taken back already. npx qintong acts lists their numbers.',
  }),
  'usage.act-overtaken': ({ act, later }) => ({
    title:
      later.length > 0
        ? `After act ${act} came act ${later.join(', ')} about the same accounts: it cannot be taken back alone`
        : `What act ${act} left was changed since, by the contacts or setup.yaml: it cannot be taken back`,
    hint:
      later.length > 0
        ? `Begin with the newest: npx qintong undo ${later[0]}.`
        : 'See how things stand with npx qintong people, then put it right with link or unlink.',
  }),
  'usage.window-reversed': ({ from, to }) => ({
    title: `The start ${from} is after the end ${to}`,
    hint: 'Let --from be no later than --to and no later than now, for example --from 2026-11-01 --to 2026-11-07.',
  }),
  'usage.window-too-old': ({ from, oldest, platform }) => ({
    title: `${platformNames[platform]} does not show punches of ${from}; its history begins at ${oldest}`,
    hint: `Start at --from ${oldest} or later.`,
  }),
  'usage.bad-date': ({ value }) => ({
    title: `${value} is not a time we understand`,
    hint: 'Write a day (2026-11-01, in China time) or an instant with its offset (2026-11-01T08:30:00+08:00).',
  }),
  'usage.not-yet': ({ what }) => ({
    title: `Not yet supported: ${what}`,
    hint: 'Write one of the other values; npx qintong --help lists the commands there are. The rest comes later.',
  }),
  'usage.route-paused': ({ route }) => ({
    title: `Route ${route} is paused`,
    hint: `Run npx qintong resume ${route} and try again.`,
  }),
  'sheet.unreadable': ({ file, problem }) => {
    const { title, hint } = sheetProblem(problem)
    return { title: `${file}: ${title}`, hint }
  },
  'sheet.unwritable': ({ file, reason }) => ({
    title: `${file} cannot be written: ${reason}`,
    hint: 'Check that the folder exists and may be written to and that the disk is not full; close the file if a spreadsheet program has it open.',
  }),
  'links.refused': ({ file, marked, rows, first }) => ({
    title: `${rows} ${rows === 1 ? 'row' : 'rows'} of ${file} must be corrected; nothing was changed`,
    hint: [
      ...first.map(({ line, problem }) => `Row ${line}: ${links.entryProblem(problem)}`),
      `All rows to be corrected are marked in ${marked}; its column "${links.columns.problem}" says why. Correct it and run npx qintong links import ${marked}.`,
    ].join('\n'),
  }),
  'usage.nothing-set-up': () => ({
    title: 'Nothing is set up yet',
    hint: 'Write setup.yaml and run npx qintong apply -f setup.yaml; to try it first, run npm start.',
  }),
  'usage.unknown-import': ({ import: number }) => ({
    title: `There is no import ${number} to take back`,
    hint: 'It does not exist, or was taken back already. npx qintong contacts prints the numbers of imports.',
  }),
  'contacts.not-believed': ({ connection, platform, doubt }) => ({
    title: `The roster just read on connection ${connection} was not believed: ${doubtText(doubt)}`,
    hint: `Nobody was marked as gone; what is known stays. ${doubt.code === 'undone' ? `Once it is put right it is read again by itself; to take it over all the same, run npx qintong contacts ${connection} --accept.` : `Most likely the app's range of contacts changed: look at ${places[platform === 'dingtalk' ? 'dingtalk.contacts-scope' : 'wecom.visible-range']}. If it is true, run npx qintong contacts ${connection} --accept.`}`,
  }),
  'contacts.later-imports': ({ import: number, later }) => ({
    title: `Import ${number} cannot be taken back alone: ${later.join(', ')} came after it`,
    hint: `Begin with the newest: npx qintong contacts --undo ${Math.max(...later)}.`,
  }),
  'contacts.already-written': ({ import: number, written }) => ({
    title: `Import ${number} cannot be taken back: punches were written under accounts it brought: ${written
      .slice(0, 3)
      .map(({ account, at, targetUser }) => `${account} ${at} -> ${targetUser}`)
      .join('; ')}${written.length > 3 ? `, at least ${written.length} in all` : ''}`,
    hint: "The platforms have no delete. Take wrong links apart with npx qintong unlink; correct what was written in the target platform's console.",
  }),
  'lane.busy': ({ route, holder, waitedSeconds }) => ({
    title: `Route ${route} is in use by another process (${holder}); waited ${waitedSeconds} s in vain`,
    hint: 'Try again when it has finished; if it hangs, its lease ends by itself.',
  }),
  'lane.lost': ({ connection }) => ({
    title: `Another process took over the lane of connection ${connection}; this run stopped writing`,
    hint: 'The data is in order: run it again, or let the other process go on.',
  }),
  'run.interrupted': ({ route }) => ({
    title: `The sync of route ${route} was interrupted; what was done is kept`,
    hint: `npx qintong sync --route ${route} goes on from there and writes nothing twice.`,
  }),
  'store.gone': ({ reason }) => ({
    title: `The database cannot be reached, or went away: ${reason}`,
    hint: 'See whether it runs, whether DATABASE_URL is right and whether the disk is full, then run it again; nothing that was committed is lost.',
  }),
  'store.newer-schema': ({ schema, build }) => ({
    title: `A newer version has upgraded the database (${schema}); this program knows it up to ${build}`,
    hint: 'Update the program (git pull, then npm start); an older one does not touch it.',
  }),
  'store.too-old-server': ({ version }) => ({
    title: `This PostgreSQL is too old (${version})`,
    hint: 'Use PostgreSQL 15 or newer, or leave DATABASE_URL out to use the embedded one.',
  }),
  'store.disk-full': ({ reason }) => ({
    title: `The disk is full: ${reason}`,
    hint: 'Free some space and run it again; nothing that was committed is lost.',
  }),
  'store.read-only': ({ reason }) => ({
    title: `The database is read-only: ${reason}`,
    hint: 'Make sure DATABASE_URL points at the primary, and that disk and permissions are in order.',
  }),
  'store.slow': ({ reason }) => ({
    title: `The database did not answer in time: ${reason}`,
    hint: 'See the load, disk and network of its machine, and whether somebody holds its tables (pg_stat_activity); nothing that was committed is lost.',
  }),
  'store.no-embedded': ({ platform }) => ({
    title: `There is no embedded database for this system (${platform})`,
    hint: 'Install the dependencies again (npm start does it), or point DATABASE_URL at a PostgreSQL 15 or newer.',
  }),
  'home.not-writable': ({ path, reason }) => ({
    title: `The home ${path} cannot be written: ${reason}`,
    hint: 'Correct its permissions, or name another folder (an absolute path) in QINTONG_HOME.',
  }),
  'home.bad-key': ({ source }) => ({
    title: `The sealing key cannot be used: ${source}`,
    hint: 'Put the original key back (32 bytes, base64); without it the stored platform secrets cannot be opened and must be applied again.',
  }),
  'server.port-taken': ({ port, host }) => ({
    title: `Port ${host}:${port} is taken`,
    hint: `Choose another (for example --port ${port + 1}), or stop the program that holds it.`,
  }),
  'server.not-loopback': ({ host }) => ({
    title: `There is no sign-in yet, so ${host} cannot be listened on`,
    hint: 'Use --host 127.0.0.1; for access from elsewhere put a reverse proxy with a sign-in before it.',
  }),
  internal: ({ reference }) => ({
    title: `Something unexpected went wrong (reference ${reference})`,
    hint: 'The details are in logs/qintong.log of the home: please send us what stands under this reference. The data is consistent; you may run it again.',
  }),
}
