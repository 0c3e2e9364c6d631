import type { Job, LintDocument } from './document.ts'
import { textAt } from './value.ts'

const NAME =
  /(?:^|[^a-z])(?:gate|required|alls?-green|(?:ci|tests?|checks?|builds?|all)-(?:success|passed|pass|ok|done|complete)|conclusion)(?:$|[^a-z])/iu

/** The jobs that a branch protection names: they judge others, and no other job waits for them. */
export function gatesOf({ jobs }: LintDocument): readonly Job[] {
  const needed = new Set(jobs.flatMap(({ needs }) => needs))
  return jobs.filter(
    (job) =>
      job.needs.length > 0 &&
      [job.id, textAt(job.value, 'name')].some((name) => NAME.test(name.replace(/[\s_]+/gu, '-'))) &&
      !needed.has(job.id),
  )
}

/** A job and every job that it waits for, directly or not. */
export function waitedFor(job: Job, { jobs }: LintDocument): ReadonlySet<string> {
  const needs = new Map(jobs.map((other) => [other.id, other.needs]))
  const reached = new Set([job.id])
  // A set gives what is added to it while it is walked through.
  for (const id of reached) for (const need of needs.get(id) ?? []) reached.add(need)
  return reached
}

/** Whether a condition may hold although a job before it has failed. */
export function runsAfterFailure(condition: string): boolean {
  return /\balways\s*\(\s*\)|!\s*cancelled\s*\(\s*\)/u.test(condition)
}

/** Whether a condition holds whatever became of other jobs, and of the run as a whole. */
export function runsAlways(condition: string): boolean {
  return /\balways\s*\(\s*\)/u.test(condition) && !/\bneeds\b|\b(?:success|failure|cancelled)\s*\(/u.test(condition)
}
