import type { Messages } from '../zh.ts'

/** The command line itself: help, its own errors, progress. */
export const cli: Messages['cli'] = {
  about: 'Qintong: carries every real punch to the other platform exactly once, and proves it',
  usage: 'Usage:',
  commandsTitle: 'Commands:',
  optionsTitle: 'Options:',
  argumentsTitle: 'Arguments:',
  globalTitle: 'Global options:',
  examplesTitle: 'Examples:',
  environmentTitle: 'Environment (defaults in brackets):',
  preset: (value) => `default ${value}`,
  choices: (values) => `one of ${values}`,
  flags: {
    json: 'print exactly one JSON document on stdout; logs and progress on stderr',
    lang: 'language: zh or en',
    demo: "use the sample company's home, <home>/demo",
    help: 'show help',
    version: 'show the version',
    role: 'what this process does',
    host: 'host to listen on',
    port: 'port to listen on',
    file: 'path of setup.yaml',
    dryRun: 'only show what would change',
    route: "the route's id",
    connection: "the connection's id",
    subsidiary:
      'id of a subsidiary: its own accounts alone; of what the same people have elsewhere only that it is there',
    from: 'start: a day or an RFC 3339 instant',
    to: 'end, inclusive: a day or an RFC 3339 instant',
    wait: 'longest wait for read-back',
    person: 'one person only: id, name or connection:userId',
    csv: 'print CSV',
    failed: 'failed calls only',
    limit: 'most rows to show',
    sandboxPort: 'port of DingTalk; WeCom is on the next one',
    seed: 'seed: the same seed makes the same company',
    tenant: 'key of the tenant (a group of companies); default when absent',
    tenantName: 'the name shown; the key itself when absent',
    keyFile: 'where the new key is written (0600) when QINTONG_SECRET_KEY holds the old one',
    passphraseFile: 'a file whose first line is the passphrase that seals the backup',
    checkBackup: 'only read the backup whole and check it; nothing is changed',
    replace: 'replace what is there (a copy of it is saved in the home first, under backups)',
    seeds: 'how many seeds to tell',
    fromSeed: 'the first seed',
    days: 'days of each world (a calm day and more comes after)',
    people: 'people in the sample company',
    preview: 'only show who would be imported and whom the scope leaves out; keep nothing',
    accept: 'believe this roster even if many people are missing at once',
    undo: "take import N back (the connection's newest)",
    history: 'who held an account and what changed when, written connection:userid',
    outFile: 'where the marked file goes when rows are bad; beside the original as …-marked.xlsx by default',
    sandboxEvents:
      'how the platforms tell of events: off, stream, or http (then POST the addresses to /_sandbox/callbacks)',
    world: "file that keeps the sandbox's world; without it, memory only",
    accounts:
      'file of accounts: one JSON a line, such as {"connection":"hq-dingtalk","userId":"u001","name":"Li"}',
  },
  operands: {
    backup: 'the backup file',
    tenant: 'key of the tenant',
    connection: "the connection's id; all of them when left out",
    channel: 'an alarm channel; without it, all of them',
    anyConnection: 'a connection; without it, all of them',
    route: "the route's id",
    account: 'an account, written connection:userId',
    act: 'the number of an act, see npx qintong acts',
    workbook: 'an Excel workbook (.xlsx)',
  },
  commands: {
    start: { about: 'the same as demo (what npm start runs)', examples: ['npm start'] },
    demo: {
      about: 'run the whole product with the sandbox and the sample company',
      examples: ['npx qintong demo', 'npx qintong demo --port 8080'],
    },
    serve: {
      about: 'run the product: web pages and scheduled syncs',
      examples: ['npx qintong serve', 'npx qintong serve --role worker'],
    },
    apply: {
      about: 'put setup.yaml into effect: subsidiaries, connections, routes, links',
      examples: ['npx qintong apply -f setup.yaml', 'npx qintong apply -f setup.yaml --dry-run'],
    },
    check: {
      about: 'are the connections ready; if not, what is missing and on which page',
      examples: ['npx qintong check', 'npx qintong check hq-wecom'],
    },
    plan: {
      about: 'rehearse a sync: who, which punches, how many calls; writes nothing anywhere',
      examples: ['npx qintong plan --route hq --from 2026-11-01 --to 2026-11-07'],
    },
    sync: {
      about: 'carry one window to its end, read-back included',
      examples: [
        'npx qintong sync --route hq',
        'npx qintong sync --route hq --from 2026-11-01 --to 2026-11-07 --wait 90s --json',
      ],
    },
    resend: {
      about:
        'let refused punches, and doubtful ones a person must decide, be written again (the next sync looks first)',
      examples: ['npx qintong resend hq'],
    },
    pause: { about: 'pause a route', examples: ['npx qintong pause hq'] },
    resume: { about: 'let a paused route continue', examples: ['npx qintong resume hq'] },
    people: {
      about: 'who is who: link status, candidates and why',
      examples: ['npx qintong people --route hq', 'npx qintong people --connection hq-wecom --json'],
    },
    contacts: {
      about:
        'read the rosters and compare: who joined, left, came back, was renamed, moved, got another user id',
      examples: [
        'npx qintong contacts --preview',
        'npx qintong contacts hq-wecom',
        'npx qintong contacts --undo 12',
        'npx qintong contacts --history hq-dingtalk:u001',
      ],
    },
    link: {
      about: 'say that two accounts are one person',
      examples: ['npx qintong link hq-dingtalk:u001 hq-wecom:zhangsan'],
    },
    confirm: {
      about: 'accept the link suggested for an account; of several candidates, the one you name',
      examples: [
        'npx qintong confirm hq-dingtalk:u001',
        'npx qintong confirm hq-dingtalk:u001 hq-wecom:zhangsan',
      ],
    },
    unlink: {
      about: 'take all links of an account apart, or one pair; lists every record that went out under them',
      examples: [
        'npx qintong unlink hq-dingtalk:u001',
        'npx qintong unlink hq-dingtalk:u001 hq-wecom:zhangsan --json',
      ],
    },
    acts: {
      about: 'who changed who is who, and when',
      examples: ['npx qintong acts', 'npx qintong acts --limit 100 --json'],
    },
    undo: { about: 'take an act about who is who back', examples: ['npx qintong undo 12'] },
    identity: {
      about: 'who is who among the accounts of a file, with reasons and certainty; no platform is asked',
      examples: [
        'npx qintong identity bench --accounts accounts.jsonl',
        'npx qintong identity bench --accounts accounts.jsonl --json',
      ],
    },
    links: {
      about: 'keep the mapping table in Excel: export, edit, import',
      examples: ['npx qintong links export mapping.xlsx', 'npx qintong links import mapping.xlsx'],
    },
    'links export': {
      about: 'write the mapping table, the cleaning list and how to use them',
      examples: [
        'npx qintong links export mapping.xlsx --lang en',
        'npx qintong links export mapping.xlsx --route hq',
      ],
    },
    'links import': {
      about: 'take an edited mapping table: all of it, or nothing and the bad rows marked',
      examples: [
        'npx qintong links import mapping.xlsx --dry-run',
        'npx qintong links import mapping.xlsx --out marked.xlsx',
      ],
    },
    'links delivered': {
      about: 'every punch that ever went out from or to an account, or between two',
      examples: [
        'npx qintong links delivered hq-wecom:zhangsan',
        'npx qintong links delivered hq-dingtalk:u001 hq-wecom:zhangsan --csv',
      ],
    },
    punches: {
      about: 'punches and what became of them',
      examples: [
        'npx qintong punches --from 2026-11-01 --to 2026-11-07',
        'npx qintong punches --from 2026-11-01 --to 2026-11-07 --person hq-dingtalk:u001 --csv',
      ],
    },
    calls: { about: 'log of the calls to the platforms', examples: ['npx qintong calls --failed'] },
    runs: { about: 'history of syncs', examples: ['npx qintong runs'] },
    sandbox: {
      about: "the two platforms' local stand-ins: DingTalk on port P, WeCom on P+1",
      examples: ['npx qintong sandbox', 'npx qintong sandbox --port 4001 --seed 7 --people 120 --json'],
    },
    tenant: { about: 'tenants: groups whose data stay apart', examples: ['npx qintong tenant list'] },
    'tenant add': {
      about: 'adds a tenant, or gives it another name',
      examples: ['npx qintong tenant add acme --name Acme'],
    },
    'tenant list': { about: 'which tenants there are', examples: ['npx qintong tenant list --json'] },
    keys: { about: 'the secret key', examples: ['npx qintong keys rotate'] },
    'keys rotate': {
      about: 'seals every secret with a fresh key; stop other processes first',
      examples: ['npx qintong keys rotate', 'npx qintong keys rotate --to new.key'],
    },
    backup: {
      about: 'writes all data and keys into one file, and reads it back whole to be sure',
      examples: [
        'npx qintong backup qintong.backup',
        'npx qintong backup qintong.backup --passphrase-file p.txt',
      ],
    },
    restore: {
      about:
        'restores a backup; also the way from the embedded database to a PostgreSQL of your own, and back',
      examples: ['npx qintong restore qintong.backup', 'npx qintong restore qintong.backup --replace'],
    },
    simulate: {
      about:
        'simulation: the product and both platforms under virtual time, faults and kills by seed; lists seeds that break an invariant',
      examples: [
        'npx qintong simulate --seeds 20',
        'npx qintong simulate --seeds 1 --from-seed 42 --days 30',
      ],
    },
    alarms: {
      about: 'what is wrong now, what was lately, and who is told',
      examples: ['npx qintong alarms', 'npx qintong alarms --limit 100 --json'],
    },
    'alarms test': {
      about: 'send a test message to every alarm channel, or to one; exit code 1 when one has it not',
      examples: ['npx qintong alarms test', 'npx qintong alarms test ops'],
    },
    status: {
      about: 'complete up to when, and what waits for a person',
      examples: ['npx qintong status', 'npx qintong status --demo'],
    },
  },
  errors: {
    unknownOption: (name) => `there is no option ${name}`,
    unknownCommand: (name) => `there is no command ${name}`,
    missingArgument: (name) => `argument ${name} is missing`,
    missingOption: (name) => `option ${name} is missing`,
    missingValue: (name) => `option ${name} needs a value`,
    tooMany: 'too many arguments',
    oneOfThese: 'these options cannot be used together',
    badValue: (name, value) => `${value} will not do for option ${name}`,
    noCommand: 'no command',
    other: 'the command line cannot be understood',
    seeHelp: (right, help) => `${right} (see ${help})`,
    later: (command) => `command ${command} comes in a later version`,
    notUtf8: 'not UTF-8',
    label: 'Error',
    whatToDo: 'What to do',
  },
  progress: {
    stations: {
      open: 'opening the database (a restore or upgrade may hold it)',
      sheet: 'Reading the workbook',
      import: 'Importing the mapping table',
      backup: 'backing up',
      backupCheck: 'checking the backup',
      restore: 'restoring',
      restoreCheck: 'comparing',
      simulate: 'simulating',
      match: 'reading contacts',
      ingest: 'reading punches',
      normalise: 'landing punches',
      decide: 'deciding',
      deliver: 'writing',
      verify: 'reading back',
      check: 'checking',
    },
    eta: (text) => `${text} left`,
    elapsed: (text) => `${text} so far`,
  },
  units: { second: 's', minute: 'min', hour: 'h' },
  interrupting: 'Finishing: the call in flight ends, everything is saved. Ctrl-C again quits at once.',
}
