import { gatesOf } from '../gate.ts'
import { mayWrite } from '../permissions.ts'
import type { Rule } from '../rule.ts'
import { valueAt } from '../value.ts'

export const ifAlwaysTrue: Rule = {
  id: 'if-always-true',
  title: 'A job that can write does not run after a failure',
  why: '`if: always()` also holds when the check that should have stopped the job has failed, or was cancelled: the release or the deployment goes on.',
  corresponds: { poutine: 'if_always_true' },
  severity: 'error',
  remediation: { before: 'publish:\n  needs: [test]\n  if: always()', after: 'publish:\n  needs: [test]' },
  check: (document) => {
    const gates = gatesOf(document)
    return document.jobs.flatMap((job) => {
      const condition = valueAt(job.value, 'if')
      if (condition === undefined || job.needs.length === 0 || gates.includes(job)) return []
      // What is said beside it, the result of a job for one, may well stop it.
      if (!/^(?:\$\{\{\s*)?(?:always\(\)|!\s*cancelled\(\))(?:\s*\}\})?$/u.test(condition.text.trim())) return []
      return mayWrite(document, job)
        ? [{ at: condition.from, message: `The job ${job.id} can write, and runs although a job before it has failed` }]
        : []
    })
  },
}
