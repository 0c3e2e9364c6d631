import { templateParts } from '../../expressions/template.ts'
import type { Rule } from '../rule.ts'
import { valueAt } from '../value.ts'

export const unsoundCondition: Rule = {
  id: 'unsound-condition',
  title: 'A condition is one expression and nothing around it',
  why: 'A text around `${{ }}`, also a line break at the end of a block, makes a text of the whole, and a text that is not empty is true: the step always runs.',
  corresponds: { zizmor: 'unsound-condition', actionlint: 'if-cond' },
  severity: 'error',
  remediation: { before: "if: ${{ github.ref }} == 'refs/heads/main'", after: "if: github.ref == 'refs/heads/main'" },
  check: (document) =>
    [...document.jobs, ...document.steps].flatMap(({ value }) => {
      const condition = valueAt(value, 'if')
      if (condition === undefined) return []
      const parts = templateParts(condition.text)
      const expressions = parts.filter(({ kind }) => kind === 'expression').length
      const around = parts.some((part) => part.kind === 'text')
      return expressions > 0 && (around || expressions > 1)
        ? [{ at: condition.from, message: 'Is always true: something stands outside the braces, if only a line break' }]
        : []
    }),
}
