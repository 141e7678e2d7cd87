/** The words of a command that can be pasted into a shell: whatever a shell could take apart is quoted. */
export const shellWords = (words: string[], isDemo: boolean): string[] =>
  ['npx', 'qintong', ...words, ...(isDemo ? ['--demo'] : [])].map(quote)

const quote = (word: string) =>
  /^[\p{L}\p{N}_@%+=:,./-]+$/u.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
