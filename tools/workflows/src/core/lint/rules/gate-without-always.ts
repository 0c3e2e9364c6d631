import { gatesOf, runsAlways } from '../gate.ts'
import type { Rule } from '../rule.ts'
import { textAt } from '../value.ts'

export const gateWithoutAlways: Rule = {
  id: 'gate-without-always',
  title: 'A gate runs whatever became of the jobs before it',
  why: 'Without `if: always()` the gate is skipped when a job before it fails; with `!cancelled()`, when somebody cancels the run; with the result of a job beside it, when that job says so. Branch protection takes a skipped check for a passed one.',
  corresponds: 'none',
  severity: 'error',
  remediation: { before: 'gate:\n  needs: [test]', after: 'gate:\n  needs: [test]\n  if: always()' },
  check: (document) =>
    gatesOf(document).flatMap(({ id, at, value }) =>
      runsAlways(textAt(value, 'if'))
        ? []
        : [
            {
              at,
              message: `The gate ${id} is skipped when a job before it fails or the run is cancelled, and a skipped check counts as passed`,
            },
          ],
    ),
}
