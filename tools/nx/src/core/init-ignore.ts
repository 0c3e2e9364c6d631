/**
 * The text with a line for each directory that no line covers yet; `undefined` is a file that does not exist. A name that
 * begins with `/` is meant at the root only.
 */
export function ignoreDirectories(text: string | undefined, names: readonly string[]): string | undefined {
  const present = text ?? ''
  const missing = names.filter((name) => !covers(present, name.replace(/^\//, '')))
  return missing.length === 0
    ? text
    : appendLines(
        present,
        missing.map((name) => `${name}/`),
      )
}

/** The text with the line, unless a line for the same file is there. */
export function attributeLine(text: string | undefined, line: string): string | undefined {
  const [file] = line.split(' ')
  const present = (text ?? '').split(/\r?\n/).some((other) => other.trim().split(/\s+/)[0] === file)
  return present ? text : appendLines(text ?? '', [line])
}

/** Adds lines at the end, in the line endings of the text. */
export function appendLines(text: string, lines: readonly string[]): string {
  const end = text.includes('\r\n') ? '\r\n' : '\n'
  const open = text === '' || text.endsWith('\n') ? '' : end
  return `${text}${open}${lines.map((line) => `${line}${end}`).join('')}`
}

/** Whether a pattern of the text ignores the directory at the root: `dist`, `/dist/`, `**`+`/dist`, `dist/**`. */
function covers(text: string, name: string): boolean {
  return text
    .split(/\r?\n/)
    .map((line) =>
      line
        .trim()
        .replace(/^(\*\*\/)?\/?/, '')
        .replace(/\/?(\*\*?)?$/, ''),
    )
    .includes(name)
}
