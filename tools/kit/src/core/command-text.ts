/** A command as a person would type it in a POSIX shell: for messages only, never to be run. */
export function commandText(command: readonly string[]): string {
  return command
    .map((word) => (/^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`))
    .join(' ')
}

/** The last lines of a text, without trailing blank lines. */
export function lastLines(text: string, count: number): string {
  return text.trimEnd().split('\n').slice(-count).join('\n')
}
