import { gatesOf, runsAfterFailure } from '../gate.ts'
import type { Rule } from '../rule.ts'
import { scalarsBelow, textAt } from '../value.ts'

const LOOKS = /\bneeds\b|\b(?:failure|success|cancelled)\s*\(/u

export const gateIgnoresResults: Rule = {
  id: 'gate-ignores-results',
  title: 'A gate looks at the results of the jobs before it',
  why: 'A gate that always runs, and asks nobody what became of the others, is green when everything has failed.',
  corresponds: 'none',
  severity: 'error',
  remediation: {
    before: 'gate:\n  needs: [test]\n  if: always()\n  steps:\n    - run: echo done',
    after:
      'gate:\n  needs: [test]\n  if: always()\n  steps:\n    - run: npx interlock ci gate\n      env: { INTERLOCK_NEEDS: "${{ toJSON(needs) }}" }',
  },
  check: (document) =>
    gatesOf(document).flatMap(({ id, at, value, steps }) => {
      if (!runsAfterFailure(textAt(value, 'if'))) return []
      const looks = steps.some((step) => [...scalarsBelow(step.value)].some(({ value: scalar }) => LOOKS.test(scalar.text)))
      return looks ? [] : [{ at, message: `The gate ${id} always runs and never reads needs: it is green whatever happened` }]
    }),
}
