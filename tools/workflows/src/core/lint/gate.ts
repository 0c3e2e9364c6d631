import type { Job, LintDocument } from './document.ts'
import { textAt } from './value.ts'

const NAME =
  /(?:^|[^a-z])(?:gate|required|all-?green|alls-green|(?:ci|tests?|checks?|all)-(?:success|passed|ok|done|complete)|conclusion|success)(?:$|[^a-z])/iu

/** The jobs that a branch protection names: they judge others, and no other job waits for them. */
export function gatesOf({ jobs }: LintDocument): readonly Job[] {
  return jobs.filter(
    (job) =>
      job.needs.length > 0 &&
      (NAME.test(job.id) || NAME.test(textAt(job.value, 'name').replaceAll(' ', '-'))) &&
      !jobs.some(({ needs }) => needs.includes(job.id)),
  )
}

/** A job and every job that it waits for, directly or not. */
export function waitedFor(job: Job, { jobs }: LintDocument): ReadonlySet<string> {
  const reached = new Set<string>()
  const visit = (id: string): void => {
    if (reached.has(id)) return
    reached.add(id)
    for (const need of jobs.find((other) => other.id === id)?.needs ?? []) visit(need)
  }
  visit(job.id)
  return reached
}

/** Whether a condition holds whatever became of other jobs. */
export function runsAlways(condition: string): boolean {
  return /\balways\s*\(\s*\)|!\s*cancelled\s*\(\s*\)/u.test(condition)
}
