/** A command as it can be pasted into a shell: whatever a shell could take apart is quoted. */
export function shellCommand(words: string[], isDemo: boolean): string {
  const all = ['npx', 'qintong', ...words, ...(isDemo ? ['--demo'] : [])]
  return all.map(quote).join(' ')
}

const quote = (word: string) =>
  /^[\p{L}\p{N}_@%+=:,./-]+$/u.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
