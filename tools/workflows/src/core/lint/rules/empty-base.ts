import { environmentsOf, expressionsIn } from '../document.ts'
import type { Problem, Rule } from '../rule.ts'
import { scriptLines } from '../script.ts'

const BASE = /\bnx\s+(?:affected|show|format:check|format)\b.*?--base[=\s]+(\S*)/u

export const emptyBase: Rule = {
  id: 'empty-base',
  title: 'The base that nx affected compares with cannot be empty',
  why: '`nx affected --base=` with nothing behind it, and an empty NX_BASE, run no task on the main branch and exit 0: green, and nothing was tested. nx-set-shas hands an empty base over when git fails.',
  corresponds: 'none',
  severity: 'error',
  remediation: { before: '- run: npx nx affected -t test --base=$NX_BASE', after: '- run: npx interlock affected -t test' },
  check: (document) => {
    const commands = document.steps.flatMap((step) =>
      scriptLines(document, step).flatMap(({ text, at }): Problem[] => {
        const base = BASE.exec(text)?.[1]?.replace(/["']/gu, '')
        if (base === undefined || !mayBeEmpty(base)) return []
        return [
          {
            at,
            message: `${base === '' ? 'Nothing' : base} is given as the base: where it is empty, nothing runs and the job is green`,
          },
        ]
      }),
    )
    const variables = environmentsOf(document).flatMap(({ key, at, value }): Problem[] => {
      if (
        key !== 'NX_BASE' ||
        (value.text.trim() !== '' && expressionsIn(document, value).every(({ source }) => /\|\|/u.test(source)))
      )
        return []
      return [{ at, message: 'NX_BASE may be empty: where it is, nothing runs and the job is green' }]
    })
    return [...commands, ...variables]
  },
}

function mayBeEmpty(base: string): boolean {
  return base === '' || base.startsWith('-') || /^\$(?!\{\w+:[-?])/u.test(base)
}
