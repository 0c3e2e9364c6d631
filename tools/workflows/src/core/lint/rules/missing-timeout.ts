import type { Rule } from '../rule.ts'
import { valueAt } from '../value.ts'

export const missingTimeout: Rule = {
  id: 'missing-timeout',
  title: 'Every job has a limit of time',
  why: 'A job without a limit is ended after six hours: until then it holds a machine, the concurrency group and the merge queue.',
  corresponds: 'none',
  severity: 'warning',
  remediation: { before: 'test:\n  runs-on: ubuntu-24.04', after: 'test:\n  runs-on: ubuntu-24.04\n  timeout-minutes: 15' },
  check: ({ jobs }) =>
    jobs.flatMap(({ id, at, value }) => {
      if (valueAt(value, 'uses') !== undefined) return []
      // Where every step has a limit, so has the job.
      const steps = valueAt(value, 'steps')?.items ?? []
      if (
        valueAt(value, 'timeout-minutes') !== undefined ||
        (steps.length > 0 && steps.every((step) => valueAt(step, 'timeout-minutes')))
      )
        return []
      return [{ at, message: `The job ${id} has no timeout-minutes: it may take six hours` }]
    }),
}
