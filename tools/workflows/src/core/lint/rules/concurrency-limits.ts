import type { Rule } from '../rule.ts'
import { entryAt } from '../value.ts'

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
    const whole = entryAt(root, 'concurrency')
    const open = jobs.filter(({ value }) => entryAt(value, 'concurrency') === undefined)
    if (whole === undefined && open.length > 0) {
      const some = open.length < jobs.length
      const at = (some ? open[0]?.at : entryAt(root, 'on')?.at) ?? 0
      return [{ at, message: `${some ? 'This job' : 'The workflow'} has no concurrency: every start adds one more run` }]
    }
    const given = [...(whole === undefined ? [] : [whole]), ...jobs.flatMap(({ value }) => entryAt(value, 'concurrency') ?? [])]
    return given
      .filter(({ value }) => entryAt(value, 'cancel-in-progress') === undefined && entryAt(value, 'queue') === undefined)
      .map(({ at }) => ({
        at,
        message: 'The group says neither what is cancelled nor what waits: a third run ends the one that waits',
      }))
  },
}
