import { conditionOf } from '../document.ts'
import { parseExpression } from '../expression.ts'
import type { Rule } from '../rule.ts'

export const constantCondition: Rule = {
  id: 'constant-condition',
  title: 'A condition depends on something',
  why: '`if: false` switches a job off, and every gate counts it as skipped: the check is still listed, and nobody runs it. `if: true` says nothing.',
  corresponds: { actionlint: 'if-cond' },
  severity: 'warning',
  remediation: { before: 'test:\n  if: false', after: '# remove the job, or the condition' },
  check: (document) =>
    [...document.jobs, ...document.steps].flatMap(({ value }) =>
      conditionOf(document, value).flatMap(({ source, at }) =>
        parseExpression(source)?.kind === 'literal' ? [{ at, message: `The condition is always the same: ${source}` }] : [],
      ),
    ),
}
