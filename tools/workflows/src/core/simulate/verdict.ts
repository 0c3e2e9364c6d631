import { GATE } from '../gate.ts'
import type { JobReport, LegReport, Verdict } from './report.ts'

interface JudgedJob extends Pick<JobReport, 'id' | 'result'> {
  readonly legs: readonly Pick<LegReport, 'outcome'>[]
}

/**
 * Whether the run would be green: the gate succeeded, and no other job ended badly. Where there is no gate, every job counts.
 * A skipped gate is red when anything else ran, although GitHub takes a skipped check for a passed one.
 */
export function verdictOf(jobs: readonly JudgedJob[]): Verdict {
  if (jobs.every(({ result }) => result === 'skipped'))
    return { kind: 'empty', reason: 'every job was skipped: nothing was checked' }
  const gate = jobs.find(({ id }) => id === GATE)
  const bad = jobs.filter(({ id, result }) => id !== GATE && (result === 'failure' || result === 'cancelled'))
  const names = bad.map(({ id, result }) => `${id} (${result})`).join(', ')
  if (gate === undefined) {
    return bad.length === 0
      ? { kind: 'green', reason: `no job failed or was cancelled; there is no job ${GATE}, so every job counts` }
      : { kind: 'red', reason: `the run is red: ${names}; there is no job ${GATE}, so every job counts` }
  }
  if (gate.result === 'skipped') {
    return { kind: 'red', reason: `the required check "${GATE}" was skipped, which GitHub takes for passed: nothing was judged` }
  }
  if (gate.result !== 'success') return { kind: 'red', reason: `the required check "${GATE}" ended with ${gate.result}` }
  const hidden = gate.legs.find(({ outcome }) => outcome !== 'success')
  if (hidden !== undefined) {
    const ended = `the required check "${GATE}" ended with ${hidden.outcome}`
    return { kind: 'red', reason: `${ended}: continue-on-error keeps it from the jobs after it, not from the check` }
  }
  return bad.length === 0
    ? { kind: 'green', reason: `the required check "${GATE}" succeeded` }
    : { kind: 'red', reason: `the required check "${GATE}" succeeded although ${names}: it does not judge them` }
}
