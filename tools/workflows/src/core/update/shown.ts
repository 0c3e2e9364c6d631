/** As much of a name as a sentence takes. */
const MOST_LETTERS = 100
const MOST_NAMES = 5

/** A text of a stranger, as a sentence can hold it: quoted, in one line, of some length, without what turns a line around. */
export function shown(text: string | undefined): string {
  if (text === undefined) return 'nobody known'
  const short = text.length > MOST_LETTERS ? `${text.slice(0, MOST_LETTERS)}…` : text
  return JSON.stringify(short).replace(/[\p{Cf}\p{Zl}\p{Zp}]/gu, (letter) => `\\u{${letter.codePointAt(0)?.toString(16)}}`)
}

/** Some names, and how many more there are. */
export function shownList(names: readonly string[]): string {
  const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : ''
  return `${names.slice(0, MOST_NAMES).map(shown).join(', ')}${more}`
}
