import type { LintDocument } from './document.ts'
import type { Finding } from './finding.ts'
import { scalarsBelow } from './value.ts'

/** A comment `interlock: ignore[rule] reason`. */
interface Suppression {
  readonly line: number
  readonly column: number
  readonly rules: readonly string[]
  readonly reason: string
  /** The line whose findings it suppresses. */
  readonly target: number
}

/**
 * The findings that no comment suppresses. A comment that suppresses nothing, has no reason or names a rule that is not known
 * is a finding itself, and suppresses nothing.
 */
export function applySuppressions(
  document: LintDocument,
  findings: readonly Finding[],
  rules: ReadonlySet<string>,
): readonly Finding[] {
  const lineOf = anchorLines(document)
  const suppressed = new Set<Finding>()
  const complaints = suppressionsOf(document).flatMap((suppression): Finding[] => {
    const complain = (message: string): Finding[] => {
      const { line, column } = suppression
      return [{ file: document.file, line, column, rule: 'suppression', severity: 'error', message }]
    }
    if (suppression.rules.length === 0) return complain('Name what is ignored: interlock: ignore[rule] reason')
    const unknown = suppression.rules.find((rule) => !rules.has(rule) && rule !== 'github-parser')
    if (unknown !== undefined) return complain(`Ignores ${unknown}, which is no rule that can be ignored`)
    if (suppression.reason === '') return complain(`Ignores ${suppression.rules.join(', ')} without a reason`)
    return suppression.rules.flatMap((rule) => {
      const met = findings.filter((finding) => finding.rule === rule && lineOf(finding.line) === suppression.target)
      for (const finding of met) suppressed.add(finding)
      return met.length > 0 ? [] : complain(`Ignores ${rule}, which finds nothing here`)
    })
  })
  return [...findings.filter((finding) => !suppressed.has(finding)), ...complaints]
}

function suppressionsOf({ comments }: LintDocument): readonly Suppression[] {
  return [...comments.values()].flatMap(({ line, column, text, alone }): Suppression[] => {
    if (!/^interlock:\s*ignore\b/u.test(text)) return []
    const [, names = '', reason = ''] = /^interlock:\s*ignore\[([^\]]*)\](.*)$/u.exec(text) ?? []
    const rules = names.split(',').flatMap((name) => name.trim() || [])
    let target = line
    if (alone)
      do target += 1
      while (comments.get(target)?.alone === true)
    return [{ line, column, rules, reason: reason.trim(), target }]
  })
}

/** No comment fits into a block of text, so what is found inside one counts as found where it begins. */
function anchorLines({ root, placeOf }: LintDocument): (line: number) => number {
  const blocks = [...scalarsBelow(root)]
    .filter(({ value }) => value.style === 'block')
    .map(({ value: { from, to } }) => ({ first: placeOf(from).line, last: placeOf(Math.max(from, to - 1)).line }))
  return (line) => blocks.find(({ first, last }) => line > first && line <= last)?.first ?? line
}
