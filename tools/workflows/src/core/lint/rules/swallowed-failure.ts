import type { Rule } from '../rule.ts'
import { scriptLines, unquoted } from '../script.ts'

export const swallowedFailure: Rule = {
  id: 'swallowed-failure',
  title: 'No script goes on as if nothing had failed',
  why: 'After `|| true` or `set +e` the step is green whatever happened: a check that cannot fail is no check.',
  corresponds: 'none',
  severity: 'warning',
  remediation: { before: '- run: npm run lint || true', after: '- run: npm run lint' },
  check: (document) =>
    document.steps.flatMap((step) =>
      scriptLines(document, step).flatMap(({ text, at }) => {
        const found = /(?:\|\|\s*(?:true|:|exit\s+0))(?=\s*(?:$|[;)}]))|^\s*set\s+\+[a-z]*e[a-z]*\b/u.exec(unquoted(text))?.[0]
        return found === undefined ? [] : [{ at, message: `"${found.trim()}" makes a failure green` }]
      }),
    ),
}
