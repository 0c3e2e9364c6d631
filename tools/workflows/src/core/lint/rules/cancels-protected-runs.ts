import { hasTrigger } from '../document.ts'
import type { Rule } from '../rule.ts'
import { textAt, valueAt } from '../value.ts'

export const cancelsProtectedRuns: Rule = {
  id: 'cancels-protected-runs',
  title: 'Only runs of pull requests are cancelled by newer ones',
  why: 'A cancelled run of the main branch leaves a commit that nobody has tested, and with it no base for the next comparison; a cancelled release or deployment is half done.',
  corresponds: 'none',
  severity: 'warning',
  remediation: {
    before: 'on: [push, pull_request]\nconcurrency:\n  group: ${{ github.ref }}\n  cancel-in-progress: true',
    after:
      "on: [push, pull_request]\nconcurrency:\n  group: ${{ github.ref }}\n  cancel-in-progress: ${{ github.event_name == 'pull_request' }}",
  },
  check: (document) => {
    if (!hasTrigger(document, 'push', 'merge_group', 'release', 'deployment')) return []
    return [document.root, ...document.jobs.map(({ value }) => value)].flatMap((place) => {
      const cancel = valueAt(place, 'concurrency', 'cancel-in-progress')
      if (cancel?.text !== 'true') return []
      // A group of its own for each run, or each commit, has nothing to cancel but re-runs.
      if (/github\.(?:run_id|sha)\b/u.test(textAt(place, 'concurrency', 'group'))) return []
      return [{ at: cancel.from, message: 'Cancels runs of the main branch as well as those of pull requests' }]
    })
  },
}
