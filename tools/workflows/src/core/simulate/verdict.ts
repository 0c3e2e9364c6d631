import { GATE } from './control-flow.ts'
import type { JobReport, Verdict } from './report.ts'

/**
 * Whether the run would be green: the gate succeeded, and no other job ended badly. Where there is no gate, every job counts.
 * A skipped gate is red, although GitHub takes a skipped check for a passed one.
 */
export function verdictOf(jobs: readonly Pick<JobReport, 'id' | 'result'>[]): Verdict {
  const gate = jobs.find(({ id }) => id === GATE)
  const bad = jobs.filter(({ id, result }) => id !== GATE && (result === 'failure' || result === 'cancelled'))
  const names = bad.map(({ id, result }) => `${id} (${result})`).join(', ')
  if (gate === undefined) {
    if (bad.length > 0) return { green: false, reason: `the run is red: ${names}; there is no job ${GATE}, so every job counts` }
    const succeeded = jobs.some(({ result }) => result === 'success')
    return succeeded
      ? { green: true, reason: `no job failed or was cancelled; there is no job ${GATE}, so every job counts` }
      : { green: false, reason: 'every job was skipped, so nothing was checked' }
  }
  if (gate.result === 'skipped') {
    return { green: false, reason: `the required check "${GATE}" was skipped, which GitHub takes for passed: nothing was judged` }
  }
  if (gate.result !== 'success') return { green: false, reason: `the required check "${GATE}" ended with ${gate.result}` }
  return bad.length === 0
    ? { green: true, reason: `the required check "${GATE}" succeeded` }
    : { green: false, reason: `the required check "${GATE}" succeeded although ${names}: it does not judge them` }
}
