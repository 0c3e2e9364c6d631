import { gatesOf, waitedFor } from '../gate.ts'
import type { Rule } from '../rule.ts'

export const gateMissesJobs: Rule = {
  id: 'gate-misses-jobs',
  title: 'A gate waits for every job of its workflow',
  why: 'A job that the gate does not wait for can fail, and the pull request is merged.',
  corresponds: 'none',
  severity: 'error',
  remediation: { before: 'gate:\n  needs: [test]\nlint:\n  …', after: 'gate:\n  needs: [test, lint]' },
  check: (document) => {
    const gates = gatesOf(document)
    return gates.flatMap((gate) => {
      const reached = waitedFor(gate, document)
      const missed = document.jobs.filter((job) => !reached.has(job.id) && !gates.includes(job))
      if (missed.length === 0) return []
      return [{ at: gate.at, message: `The gate ${gate.id} does not wait for ${missed.map(({ id }) => id).join(', ')}` }]
    })
  },
}
