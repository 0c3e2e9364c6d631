/** One command of a script. */
export interface ShellCommand {
  readonly words: readonly string[]
  /** Lines of the script before it. */
  readonly line: number
  /** As it is written. */
  readonly text: string
}

/** A script of more lines is not read: nobody wrote it by hand. */
export const MOST_LINES = 5000

/**
 * The commands of a POSIX script, as far as a reader sees them: lines are joined where they go on, cut at `&&`, `||`, `;`,
 * `|` and `&` outside of quotes, and freed of words such as `if` and of assignments before them. Nothing is expanded, and
 * the bodies of here-documents are left out.
 */
export function commandsOf(script: string): readonly ShellCommand[] {
  return logicalLines(script).flatMap(({ text, line }) =>
    cut(text).flatMap((part) => {
      const words = withoutLead(wordsOf(part))
      return words.length === 0 ? [] : [{ words, line, text: part.trim() }]
    }),
  )
}

interface Line {
  readonly text: string
  readonly line: number
}

function logicalLines(script: string): Line[] {
  const lines = script.split(/\r?\n/u)
  const found: Line[] = []
  for (let at = 0; at < lines.length; at += 1) {
    const line = at
    const parts = [lines[at] ?? '']
    while (goesOn(lines[at] ?? '') && at + 1 < lines.length) {
      at += 1
      parts.push((lines[at] ?? '').trim())
    }
    const text = parts.map((part, index) => (index < parts.length - 1 ? part.slice(0, -1) : part)).join(' ')
    if (!/^\s*(?:#|$)/u.test(text)) found.push({ text, line })
    at = endOfHereDocument(lines, at, text)
  }
  return found
}

function goesOn(line: string): boolean {
  return /(?:^|[^\\])\\$/u.test(line)
}

/** The index of the line that ends a here-document; the same line where none begins, or where nothing ends it. */
function endOfHereDocument(lines: readonly string[], at: number, text: string): number {
  const word = /<<-?\s*(["']?)([A-Za-z_]\w*)\1/u.exec(text)?.[2]
  if (word === undefined) return at
  const end = lines.findIndex((line, index) => index > at && line.trim() === word)
  return end === -1 ? at : end
}

/** Cuts at what ends a command. A text in quotes, an expression of GitHub's and `$(…)` stay whole. */
function cut(text: string): string[] {
  const pieces =
    text.match(/\$\{\{(?:[^{}]|\{\d+\})*\}\}|"(?:\\.|[^"\\])*"|'[^']*'|\$\([^()]*\)|\\.|(?:^|\s)#.*|[|&]{1,2}|;+|[^]/gu) ?? []
  const parts = ['']
  for (const piece of pieces) {
    if (/^\s*#/u.test(piece)) break
    // `2>&1` and `&>` are no ends of a command.
    const last = parts.length - 1
    const isJoined = piece === '&' && /[<>]$/u.test(parts[last] ?? '')
    if (/^(?:[|&]{1,2}|;+)$/u.test(piece) && !isJoined) parts.push('')
    else parts[last] += piece
  }
  return parts
}

function wordsOf(text: string): string[] {
  const words = text.match(/(?:\$\{\{(?:[^{}]|\{\d+\})*\}\}|"(?:\\.|[^"\\])*"|'[^']*'|\\.|[^\s"'\\]|["'\\])+/gu) ?? []
  return words.map((word) => word.replaceAll(/^(["'])(.*)\1$/gu, '$2'))
}

const LEADS: ReadonlySet<string> = new Set(
  'if then else elif fi do done while until ! { } ( ) time sudo command exec env'.split(' '),
)

function withoutLead(words: readonly string[]): readonly string[] {
  const start = words.findIndex((word) => !LEADS.has(word) && !/^[A-Za-z_]\w*=/u.test(word))
  if (start === -1) return []
  const [first = '', ...others] = words.slice(start)
  const opened = first.replace(/^\(+/u, '')
  return opened === '' ? withoutLead(others) : [opened, ...others]
}
