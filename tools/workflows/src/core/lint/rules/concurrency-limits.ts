import type { Rule } from '../rule.ts'
import { valueAt } from '../value.ts'

export const concurrencyLimits: Rule = {
  id: 'concurrency-limits',
  title: 'A workflow says what becomes of a run when the next one starts',
  why: 'Otherwise every push adds a run, and the older ones go on for a commit that nobody looks at any more; two deployments at once overwrite each other.',
  corresponds: { zizmor: 'concurrency-limits' },
  severity: 'warning',
  remediation: {
    before: 'on: pull_request',
    after:
      "on: pull_request\nconcurrency:\n  group: ci-${{ github.event.pull_request.number || github.run_id }}\n  cancel-in-progress: ${{ github.event_name == 'pull_request' }}",
  },
  check: ({ kind, root, triggers, jobs }) => {
    if (kind !== 'workflow' || triggers.length === 0) return []
    // A workflow that is only called has the concurrency of its caller.
    if (triggers.every(({ key }) => key === 'workflow_call')) return []
    if ([root, ...jobs.map(({ value }) => value)].some((place) => valueAt(place, 'concurrency') !== undefined)) return []
    return [{ at: triggers[0]?.at ?? 0, message: 'The workflow has no concurrency: every start adds one more run' }]
  },
}
