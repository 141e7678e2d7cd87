import type { Messages } from '../zh.ts'

const syntax: Record<string, string> = {
  BAD_INDENT: 'wrong indentation',
  TAB_AS_INDENT: 'a tab is used for indentation; YAML takes spaces only',
  DUPLICATE_KEY: 'a key stands twice on one level',
  MISSING_CHAR: 'a sign is missing (colon, quote, comma or bracket)',
  UNEXPECTED_TOKEN: 'this sign does not belong here',
  BLOCK_AS_IMPLICIT_KEY: 'two "key: value" on one line, most likely an indentation or quoting mistake',
  MULTILINE_IMPLICIT_KEY: 'a key must stand on one line; most likely a colon is missing',
  MULTIPLE_DOCS: 'several documents separated by ---; there may be only one',
  BAD_ALIAS: 'a *name that does not exist',
  BAD_SCALAR_START: 'a value cannot begin with this sign; quote it',
  BAD_DQ_ESCAPE: 'a wrong backslash escape in double quotes',
  RESOURCE_EXHAUSTION: 'too many references (*name) or too deep nesting',
  TOO_LARGE: 'the file is larger than 1 MiB',
}

const expected: Record<string, string> = {
  mapping: 'a mapping of "key: value"',
  list: 'a list',
  text: 'text',
  'own-id':
    'an id: lower-case letters, digits and -, beginning with a letter or digit, at most 40 characters',
  duration: 'a duration of at most 7 days',
  date: 'a date YYYY-MM-DD',
  url: 'an address beginning with http:// or https://, without parameters and passwords',
  hours: 'hours HH:MM-HH:MM',
  edition: 'standard or professional, optionally with development-pack',
  'two-connections': 'exactly two different connections',
  'one-of-each-platform': 'one DingTalk and one WeCom connection',
  'same-platform-as-before': 'the platform that was applied before; use a new id for another one',
  'outward-url':
    'an address beginning with https:// (http:// on this machine only), without a user name, and neither link-local nor a cloud metadata service',
  'mail-address': 'an e-mail address',
  port: 'a port from 1 to 65535',
  'no-password-in-clear': 'starttls or implicit: no password is sent over a connection in clear',
  'environment-name': `$\{NAME}, with letters, digits and underscores`,
}
const expectation = (word: string) =>
  word.startsWith('one of ') ? `one of ${word.slice(7).replaceAll(' | ', ', ')}` : (expected[word] ?? word)

/** One problem of a setup file, as one sentence that says what to write instead. */
export const setupProblem: Messages['setupProblem'] = (problem) => {
  switch (problem.kind) {
    case 'syntax':
      return `not valid YAML: ${syntax[problem.text] ?? problem.text}`
    case 'unknown-key':
      return problem.suggestion
        ? `there is no key ${problem.key}; did you mean ${problem.suggestion}?`
        : `there is no key ${problem.key}; here you may write: ${problem.known.join(', ')}`
    case 'missing':
      return `${problem.key} is missing; add a line such as ${problem.example}`
    case 'bad-value':
      return `${problem.value ? `${problem.value} will not do: ` : ''}it should be ${expectation(problem.expected)}, for example ${problem.example}`
    case 'duplicate-id':
      return problem.firstLine > 0
        ? `${problem.id} stands twice; line ${problem.firstLine} has it already: rename or remove one`
        : `${problem.id} already has a route; a pair of connections can have only one`
    case 'dangling': {
      if (problem.suggestion)
        return `there is no ${problem.what} ${problem.id}; did you mean ${problem.suggestion}?`
      const list = problem.known.length > 0 ? `there are: ${problem.known.join(', ')}` : 'there is none yet'
      return `there is no ${problem.what} ${problem.id}; ${list}`
    }
    case 'missing-environment':
      return `the environment variable ${problem.name} is not set; export ${problem.name}=… first`
  }
}

export const setupPlace: Messages['setupPlace'] = (file, line, column, path) =>
  `${file}:${line}:${column}${path ? ` (${path})` : ''}`
