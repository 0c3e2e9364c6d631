import { expressionsBelow } from '../document.ts'
import { type Expression, parseExpression, withinExpression } from '../expression.ts'
import type { Rule } from '../rule.ts'

export const unsoundTernary: Rule = {
  id: 'unsound-ternary',
  title: 'A choice by && and || has a middle that is not empty',
  why: "In `a && '' || b` the middle counts as false, so the answer is always `b`. The function case() has no such trap.",
  corresponds: { zizmor: 'unsound-ternary' },
  severity: 'error',
  remediation: { before: "${{ inputs.fast && '' || '--slow' }}", after: "${{ case(inputs.fast, '', '--slow') }}" },
  check: (document) =>
    expressionsBelow(document, document.root).flatMap(({ source, at }) => {
      const expression = parseExpression(source)
      const unsound = [...(expression === undefined ? [] : withinExpression(expression))].some(isUnsound)
      return unsound ? [{ at, message: 'The middle of this choice counts as false, so the last part is always taken' }] : []
    }),
}

function isUnsound(expression: Expression): boolean {
  if (expression.kind !== 'operator' || expression.operator !== '||') return false
  return expression.of.slice(0, -1).some((part) => {
    const middle = part.kind === 'operator' && part.operator === '&&' ? part.of.at(-1) : undefined
    return middle?.kind === 'literal' && ['', 0, false, null].includes(middle.value as never)
  })
}
