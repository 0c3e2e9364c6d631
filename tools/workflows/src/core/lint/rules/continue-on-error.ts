import type { Rule } from '../rule.ts'
import { valueAt } from '../value.ts'

export const continueOnError: Rule = {
  id: 'continue-on-error',
  title: 'A job that fails is red',
  why: 'With `continue-on-error: true` a failed step or job counts as a success, for the gate as well: nobody sees that it fails, until somebody needs it.',
  corresponds: 'none',
  severity: 'warning',
  remediation: { before: '- run: npm test\n  continue-on-error: true', after: '- run: npm test' },
  check: ({ jobs, steps }) =>
    [...jobs, ...steps].flatMap(({ value }) => {
      const given = valueAt(value, 'continue-on-error')
      return given?.text === 'true' ? [{ at: given.from, message: 'A failure counts as a success here' }] : []
    }),
}
