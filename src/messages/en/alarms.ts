import type { AlarmCode, AlarmKinds, ChannelKind } from '#domain/alarms/alarm.ts'
import { minuteOf } from '../written-time.ts'
import type { Words } from '../zh/places.ts'
import type { Messages } from '../zh.ts'
import { platformNames } from './failures.ts'
import { places } from './places.ts'
import { stalls } from './stalls.ts'

const channelKinds: Record<ChannelKind, string> = {
  'wecom-robot': 'WeCom group robot',
  'dingtalk-robot': 'DingTalk group robot',
  email: 'e-mail',
  webhook: 'webhook',
}
const at = ({ platform, connection }: { platform: keyof typeof platformNames; connection: string }) =>
  `${platformNames[platform]} connection ${connection}`
const said = (text: string) => (text ? ` (the platform says: ${text})` : '')

const kinds: { [C in AlarmCode]: (facts: AlarmKinds[C]) => Words } = {
  'route-behind': ({ route, completeTo, because }) => ({
    title: completeTo
      ? `Route ${route} stands still: punches are read up to ${minuteOf(completeTo)} only${because ? ` (${because})` : ''}`
      : `Nothing has ever been read on route ${route}${because ? ` (${because})` : ''}`,
    hint: because
      ? 'See npx qintong status and npx qintong runs for the reason and what to do; it then goes on where it stopped and loses nothing.'
      : 'See that npx qintong serve is running and that the route is not paused, then run npx qintong status; it goes on where it stopped and loses nothing.',
  }),
  'steps-stalled': ({ route, step, tries, since }) => ({
    title: `Route ${route}: ${stalls.title(step, tries, since)}`,
    hint: stalls.hint(route),
  }),
  'stream-silent': (facts) => ({
    title: `The Stream of ${at(facts)} is silent${facts.lastHeardAt ? ` since ${minuteOf(facts.lastHeardAt)}` : ''}`,
    hint: 'Punches are still read on schedule, only later. Check that this machine reaches api.dingtalk.com and wss connections, and that the app has Stream mode on.',
  }),
  'secret-refused': (facts) => ({
    title: `The secret of ${at(facts)} is not accepted (${facts.code})${facts.until ? `; nothing is tried before ${minuteOf(facts.until)}` : ''}`,
    hint: `Compare it under ${places[facts.platform === 'dingtalk' ? 'dingtalk.credentials' : 'wecom.secret']}, correct the variable or setup.yaml and run npx qintong apply -f setup.yaml: it is tried again at once.`,
  }),
  'ip-not-trusted': (facts) => ({
    title: `${at(facts)} refuses this machine's address${said(facts.theirText)}`,
    hint: `Add the address under ${places[facts.platform === 'dingtalk' ? 'dingtalk.ip-list' : 'wecom.trusted-ip']}; after about a minute it goes on by itself.`,
  }),
  'permission-missing': (facts) => ({
    title: `${at(facts)} has no permission for ${facts.api}${said(`${facts.theirCode} ${facts.theirText}`.trim())}`,
    hint: `Run npx qintong check ${facts.connection}: it names the page and the permission.`,
  }),
  'quota-nearly-spent': (facts) => ({
    title: `${at(facts)} has nearly spent this month's calls (${facts.used}/${facts.quota})`,
    hint: `Poll less often (pollEvery in setup.yaml), or upgrade under ${places['dingtalk.quota']} and change edition.`,
  }),
  'quota-spent': (facts) => ({
    title: `${at(facts)} has spent this month's calls (${facts.used}/${facts.quota}); reading has stopped`,
    hint: `There are calls again on ${facts.freeAgainOn}, and everything is caught up then without loss; to go on now, upgrade under ${places['dingtalk.quota']} and change edition.`,
  }),
  'events-nearly-spent': (facts) => ({
    title: `${at(facts)} has nearly spent this month's event deliveries (${facts.used}/${facts.quota})`,
    hint: `Once they are spent none come until the month ends: punches are then read as planned, later and without loss. To keep them quick, upgrade under ${places['dingtalk.quota']} and change edition.`,
  }),
  'events-spent': (facts) => ({
    title: `${at(facts)} has spent this month's event deliveries (${facts.used}/${facts.quota})`,
    hint: `They come again on ${facts.freeAgainOn}; until then punches are read as planned, later and without loss. To have them sooner, upgrade under ${places['dingtalk.quota']} and change edition.`,
  }),
  'quota-short': (facts) => ({
    title: `At this pace the calls of ${at(facts)} last until ${facts.lastsUntil} (${facts.used}/${facts.quota} used)`,
    hint: `Poll less often (pollEvery in setup.yaml), or upgrade under ${places['dingtalk.quota']} and change edition.`,
  }),
  'deliveries-in-doubt': ({ route, count, since }) => ({
    title: `Route ${route}: ${count} written punches have not shown, the oldest since ${minuteOf(since)}`,
    hint: `Run npx qintong sync --route ${route} to look once more; look up what stays in doubt in the other platform's console, and if it is not there, npx qintong resend ${route}.`,
  }),
  'deliveries-refused': ({ route, count }) => ({
    title: `Route ${route}: the platform refused ${count} punches`,
    hint: `See its reasons with npx qintong calls --failed, put them right, then npx qintong resend ${route}.`,
  }),
  'deliveries-out-of-calls': ({ route, count, freeAgainOn }) => ({
    title: `Route ${route}: ${count} punches wait to be written into DingTalk; this month has too few calls left`,
    hint: `All punches are kept, and are written by themselves when there are calls again on ${freeAgainOn}; what is left goes to reading every day. To go on now, npx qintong plan --route ${route} lists what a larger edition, a narrower scope and one way alone would take.`,
  }),
  'people-waiting': ({ route, people, held }) => ({
    title: `Route ${route}: ${people} people wait for their identity to be confirmed, and ${held} punches for them`,
    hint: `See npx qintong people --route ${route} and confirm them with npx qintong link or confirm; their punches then leave at once.`,
  }),
  'probes-near-limit': (facts) => ({
    title: `${at(facts)}: ${facts.wrong} look-ups by mobile found nobody, near our limit of ${facts.mostWrong}`,
    hint: 'At the limit nobody is looked up by mobile any more; all else goes on. Fill in the table of npx qintong links export and import it: then there is no need to ask.',
  }),
  'brake-pulled': ({ route, writes, punches }) => ({
    title: `Route ${route} has braked by itself: ${writes} records written for ${punches} real punches`,
    hint: `Writing has stopped, reading goes on, and every punch is kept. Most likely both sides copy each other, or one accepts and shows nothing. Look at npx qintong punches, and when the cause is gone, npx qintong resume ${route}.`,
  }),
  'store-gone': ({ reason }) => ({
    title: `The database cannot be reached: ${reason}`,
    hint: 'See that PostgreSQL is running and that DATABASE_URL is right. It goes on by itself then; whatever was confirmed is kept.',
  }),
  'store-full': ({ freeMegabytes }) => ({
    title: `The disk of the data is nearly full: ${freeMegabytes} MB left`,
    hint: 'Free some space or enlarge the disk; work stops before anything is damaged. CALL_LOG_DAYS and RAW_DAYS may be smaller, too.',
  }),
  'store-slow': ({ roundTripMs }) => ({
    title: `The database is slow: the least question takes ${roundTripMs} ms`,
    hint: 'Look at the load, disk and network of the database machine; syncing gets slower and loses nothing.',
  }),
  'store-read-only': ({ reason }) => ({
    title: `The database can be read but not written: ${reason}`,
    hint: 'Most likely DATABASE_URL points to a standby after a switch-over, or the disk was full: point it to the primary. It goes on by itself then.',
  }),
  'clock-skewed': (facts) => ({
    title: `This machine's clock is ${Math.abs(facts.skewSeconds)} s ${facts.skewSeconds > 0 ? 'behind' : 'ahead of'} ${platformNames[facts.platform]} (connection ${facts.connection})`,
    hint: 'Turn on automatic time (NTP). With a wrong clock, punches at the edge of a window are read one round late.',
  }),
  'backup-failed': ({ reason }) => ({
    title: `The backup failed: ${reason}`,
    hint: 'Check space and rights of the backup folder, then run npx qintong backup once more.',
  }),
  'backup-old': ({ lastAt }) => ({
    title: lastAt ? `The latest backup is of ${minuteOf(lastAt)}: too old` : 'There is no backup yet',
    hint: 'Run npx qintong backup FILE, and see why the scheduled one did not.',
  }),
  'callbacks-forged': (facts) => ({
    title: `${at(facts)} received ${facts.count} callbacks with a wrong signature in ${facts.minutes} minutes`,
    hint: 'All were refused. If the token or the key was just changed, make setup.yaml and the platform agree; otherwise somebody is trying: see whether the address got around.',
  }),
  'channel-failing': ({ channel, kind, because }) => ({
    title: `Alarm channel ${channel} (${channelKinds[kind]}) cannot send: ${because}`,
    hint: `Check ${channel} under alarms in setup.yaml, apply it, and try npx qintong alarms test ${channel}.`,
  }),
}

export const alarms: Messages['alarms'] = {
  kinds,
  levels: { notice: 'notice', warning: 'warning', critical: 'critical' },
  channelKinds,
  noticeKinds: {
    raised: 'Alarm',
    reminder: 'Still open',
    resolved: 'Over',
    passed: 'Happened and over',
  },
  brand: 'Qintong',
  separator: ', ',
  counted: (name, count) => `${name} ${count}`,
  bullet: '● ',
  block: (level, kind, title) => `${kind} (${level}): ${title}`,
  whatToDo: (hint) => `What to do: ${hint}`,
  since: (since) => `Since ${minuteOf(since)}`,
  from: (since, until) => `${minuteOf(since)} to ${minuteOf(until)}`,
  test: {
    title: 'Test message: this channel works',
    text: (channel) => `Channel ${channel} is set up right. A real alarm says what happened and what to do.`,
  },
  troubles: {
    unreachable: 'its server cannot be reached',
    timeout: 'no answer in time',
    reset: 'the answer broke off',
    'too-large': 'the answer was too long',
    'no-mail': 'this process sends no mail',
    muted: 'it was told too much just now; try again later',
    banned: 'the platform bans our address at present; it is told when that is over',
  },
  page: { title: 'Needs attention', more: (count) => `${count} more: npx qintong alarms` },
  cli: {
    heads: ['Level', 'Code', 'About', 'Since', 'Until', 'What happened'],
    none: 'There is no alarm now.',
    open: (count) => `${count} open:`,
    past: (count) => `${count} recently over:`,
    channelHeads: ['Channel', 'Kind', 'From level', 'Last accepted', 'State'],
    channels: 'Channels:',
    works: 'works',
    notTried: 'not used yet',
    off: 'off',
    noChannels: 'There are no alarm channels yet: add alarms to setup.yaml and run npx qintong apply.',
    accepted: (channel) => `✓ ${channel} has it`,
    failed: (channel, because) => `✗ ${channel} has it not: ${because}`,
    nextTest: 'npx qintong alarms test sends a test message to every channel.',
    nextFix: 'Correct alarms in setup.yaml, apply it and try again.',
    nextNothing: 'Alarms go to the channels above.',
  },
}
