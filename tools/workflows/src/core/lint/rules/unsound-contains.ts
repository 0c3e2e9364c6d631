import { conditionOf } from '../document.ts'
import { parseExpression, withinExpression } from '../expression.ts'
import type { Rule } from '../rule.ts'

const CHOSEN =
  /^(?:env|github\.(?:actor|base_ref|event_name|head_ref|ref|ref_name|repository|triggering_actor)|github\.event\..*|inputs)(?:\.|$)/u

export const unsoundContains: Rule = {
  id: 'unsound-contains',
  title: 'contains() looks into a list, not into a text with names in it',
  why: "`contains('refs/heads/main refs/heads/develop', github.ref)` holds for every part of that text: a branch that is called `refs/heads/mai` passes.",
  corresponds: { zizmor: 'unsound-contains' },
  severity: 'error',
  remediation: {
    before: "if: contains('refs/heads/main refs/heads/next', github.ref)",
    after: 'if: contains(fromJSON(\'["refs/heads/main", "refs/heads/next"]\'), github.ref)',
  },
  check: (document) =>
    [...document.jobs, ...document.steps].flatMap(({ value }) =>
      conditionOf(document, value).flatMap(({ source, at }) => {
        const expression = parseExpression(source)
        const unsound = [...(expression === undefined ? [] : withinExpression(expression))].some((inner) => {
          if (inner.kind !== 'call' || inner.name !== 'contains') return false
          const [where, what] = inner.of
          return where?.kind === 'literal' && what?.kind === 'reference' && CHOSEN.test(what.path)
        })
        return unsound ? [{ at, message: 'contains() holds for any part of the text, not only for the names in it' }] : []
      }),
    ),
}
