import { type LintDocument, type Step } from './document.ts'
import { type Value, textAt, valueAt } from './value.ts'

/** A longer line of a script is not looked at, and that is said: some rules look at a line in every way it can be cut. */
export const LONGEST_LINE = 2048

/** One line of a script with its place. Comments are left out. */
export interface ScriptLine {
  readonly text: string
  readonly at: number
}

/** The lines of the script of a step; lines that a backslash ties together are one. */
export function scriptLines(document: LintDocument, step: Step): readonly ScriptLine[] {
  const run = valueAt(step.value, 'run')
  if (run === undefined) return []
  let from = run.from
  const lines = run.text.split('\n').map((text) => {
    const at = placeOfLine(document, text.trim(), { from, to: run.to })
    if (at !== undefined) from = at
    return { text, at: at ?? run.from }
  })
  return joined(lines).filter(({ text }) => text.length <= LONGEST_LINE && text.trim() !== '' && !/^\s*#/u.test(text))
}

function placeOfLine({ text }: LintDocument, line: string, within: Pick<Value, 'from' | 'to'>): number | undefined {
  if (line === '') return undefined
  const at = text.indexOf(line, within.from)
  return at === -1 || at >= within.to ? undefined : at
}

function joined(lines: readonly ScriptLine[]): readonly ScriptLine[] {
  const result: { text: string; at: number }[] = []
  let open = false
  for (const { text, at } of lines) {
    const last = result.at(-1)
    if (open && last !== undefined && last.text.length + text.length <= LONGEST_LINE) last.text = `${last.text} ${text.trim()}`
    else result.push({ text, at })
    open = text.endsWith('\\')
    const current = result.at(-1)
    if (open && current !== undefined) current.text = current.text.slice(0, -1)
  }
  return result
}

/** A line without what stands between quotes, and without a comment at its end. */
export function unquoted(line: string): string {
  return line.replace(/'[^']*'|"(?:\\.|[^"\\])*"/gu, '""').replace(/(?:^|\s)#.*$/u, '')
}

/** The shell that a step names, itself or by the defaults of its job or workflow; empty where GitHub chooses. */
export function shellOf(document: LintDocument, step: Step): string {
  return (
    textAt(step.value, 'shell') ||
    textAt(step.job?.value, 'defaults', 'run', 'shell') ||
    textAt(document.root, 'defaults', 'run', 'shell')
  )
}
