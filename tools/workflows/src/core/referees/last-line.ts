import { stripVTControlCharacters } from 'node:util'

/** The last line of an output that says something, on one line and short enough to be read. */
export function lastLine(text: string): string {
  const lines = stripVTControlCharacters(text)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  return (lines.at(-1) ?? 'it said nothing').slice(0, 300)
}
