import { InterlockError, nearest } from '@interlock/kit'
import { type Leg, valueText } from './matrix.ts'
import type { Workflow } from './model.ts'

/** A result that a person gives to a job instead of running it. */
export interface Injection {
  readonly result: 'failure' | 'skipped' | 'cancelled'
  readonly job: string
  /** The first values of the machines of a matrix that are meant; every machine when absent. */
  readonly leg?: string
  /** The words as they were given. */
  readonly words: string
}

const FLAGS = { failure: '--fail', skipped: '--skip', cancelled: '--cancel' } as const

/** `--fail rust-tests`, as it was typed. */
export function injectionText({ result, words }: Injection): string {
  return `${FLAGS[result]} ${words}`
}

/**
 * Reads `job` or `job (1)`.
 *
 * @throws InterlockError `USAGE` for other words, and for a part of a matrix that shall be skipped.
 */
export function parseInjection(result: Injection['result'], words: string): Injection {
  const [, job = '', leg] = /^([A-Za-z_][\w-]*)(?:\s*\((.+)\))?$/u.exec(words.trim()) ?? []
  const injection: Injection = { result, job, words, ...(leg === undefined ? {} : { leg: leg.trim() }) }
  if (job === '')
    throw new InterlockError(
      'USAGE',
      `${injectionText(injection)}: is not the id of a job, or an id and a part of its matrix: job (1)`,
    )
  if (result === 'skipped' && leg !== undefined) {
    throw new InterlockError(
      'USAGE',
      `${injectionText(injection)}: GitHub Actions skips a job as a whole, before it reads the matrix`,
      {
        hint: `--skip ${job}, or --cancel ${JSON.stringify(words)}`,
      },
    )
  }
  return injection
}

/** Throws `USAGE` for an injection into a job that none of the workflows has. */
export function expectKnownJobs(injections: readonly Injection[], workflows: readonly Pick<Workflow, 'file' | 'jobs'>[]): void {
  const known = workflows.flatMap(({ jobs }) => jobs.map(({ id }) => id))
  for (const injection of injections) {
    if (known.includes(injection.job)) continue
    const meant = nearest(injection.job, known)
    const files = workflows.map(({ file }) => file).join(', ')
    throw new InterlockError('USAGE', `${injectionText(injection)}: there is no such job in ${files}`, {
      hint: meant === undefined ? `the jobs are ${known.join(', ')}` : `did you mean ${meant}?`,
    })
  }
}

/** Whether an injection means a machine: it names the first of its values, `(1)` of `(1, linux)`. */
export function meansLeg({ leg }: Injection, { matrix }: Leg): boolean {
  if (leg === undefined) return true
  const values = Object.values(matrix).map(valueText)
  return values.some((_, index) => values.slice(0, index + 1).join(', ') === leg)
}
