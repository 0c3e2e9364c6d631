import { expressionsBelow } from '../document.ts'
import { parseExpression, withinExpression } from '../expression.ts'
import type { Rule } from '../rule.ts'

export const unredactedSecrets: Rule = {
  id: 'unredacted-secrets',
  title: 'A secret is one value, and not JSON with values in it',
  why: 'GitHub masks in the log what a secret is as a whole. A part that `fromJSON` takes out of it is not masked.',
  corresponds: { zizmor: 'unredacted-secrets' },
  severity: 'error',
  remediation: {
    before: 'env: { PASSWORD: "${{ fromJSON(secrets.LOGIN).password }}" }',
    after: 'env: { PASSWORD: "${{ secrets.PASSWORD }}" }',
  },
  check: (document) =>
    expressionsBelow(document, document.root).flatMap(({ source, at }) => {
      const expression = parseExpression(source)
      if (expression === undefined) return []
      const parsed = [...withinExpression(expression)].some(
        (inner) =>
          inner.kind === 'call' &&
          inner.name === 'fromjson' &&
          inner.of.some((part) =>
            [...withinExpression(part)].some((deep) => deep.kind === 'reference' && deep.path.startsWith('secrets.')),
          ),
      )
      return parsed ? [{ at, message: 'A part of a secret is not masked in the log' }] : []
    }),
}
