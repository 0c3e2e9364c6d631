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
  const placed = new Map<string, Finding[]>()
  for (const finding of findings) {
    const key = `${finding.rule} ${lineOf(finding.line)}`
    const there = placed.get(key)
    if (there === undefined) placed.set(key, [finding])
    else there.push(finding)
  }
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
      const met = placed.get(`${rule} ${suppression.target}`) ?? []
      for (const finding of met) suppressed.add(finding)
      return met.length > 0 ? [] : complain(`Ignores ${rule}, which finds nothing here`)
    })
  })
  return [...findings.filter((finding) => !suppressed.has(finding)), ...complaints]
}

function suppressionsOf({ comments }: LintDocument): readonly Suppression[] {
  const targets = targetsOf(comments)
  return [...comments.values()].flatMap(({ line, column, text, alone }): Suppression[] => {
    if (!/^interlock:\s*ignore\b/u.test(text)) return []
    const [, names = '', reason = ''] = /^interlock:\s*ignore\[([^\]]*)\](.*)$/u.exec(text) ?? []
    const rules = names.split(',').flatMap((name) => name.trim() || [])
    const target = alone ? (targets.get(line) ?? line) : line
    return [{ line, column, rules, reason: reason.trim(), target }]
  })
}

/** For every comment that stands alone, the first line below it that is no such comment. */
function targetsOf(comments: LintDocument['comments']): ReadonlyMap<number, number> {
  const targets = new Map<number, number>()
  for (const { line, alone } of [...comments.values()].toReversed())
    if (alone) targets.set(line, targets.get(line + 1) ?? line + 1)
  return targets
}

/** No comment fits into a block of text, so what is found inside one counts as found where it begins. */
function anchorLines({ root, placeOf }: LintDocument): (line: number) => number {
  const first = new Map<number, number>()
  for (const { value } of scalarsBelow(root)) {
    if (value.style !== 'block') continue
    const begin = placeOf(value.from).line
    for (let line = begin + 1; line <= placeOf(Math.max(value.from, value.to - 1)).line; line += 1) first.set(line, begin)
  }
  return (line) => first.get(line) ?? line
}
