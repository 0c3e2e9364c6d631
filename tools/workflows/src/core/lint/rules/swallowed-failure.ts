import type { Rule } from '../rule.ts'
import { scriptLines, unquoted } from '../script.ts'

const SWALLOWS = /(?:\|\|\s*(?:true|:|exit\s+0))(?=\s*(?:$|[;)}]))|^\s*set\s+\+[a-z]*e[a-z]*\b/u

export const swallowedFailure: Rule = {
  id: 'swallowed-failure',
  title: 'No script goes on as if nothing had failed',
  why: 'After `|| true` or `set +e` the step is green whatever happened: a check that cannot fail is no check.',
  corresponds: 'none',
  severity: 'warning',
  remediation: { before: '- run: npm run lint || true', after: '- run: npm run lint' },
  check: (document) =>
    document.steps.flatMap((step) => {
      const lines = scriptLines(document, step)
      // A script that reads the status itself decides by it.
      const reads = lines.some(({ text }) => /\$\?|PIPESTATUS|LASTEXITCODE/u.test(text))
      return lines.flatMap(({ text, at }) => {
        const found = SWALLOWS.exec(unquoted(text))?.[0].trim()
        if (found === undefined || (reads && found.startsWith('set'))) return []
        return [{ at, message: `"${found}" makes a failure green` }]
      })
    }),
}
