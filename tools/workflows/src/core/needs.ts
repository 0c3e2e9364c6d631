import { InterlockError, parseOptions } from '@interlock/kit'
import { PLAN_HEADER } from '@interlock/nx/run-plan'
import { z } from 'zod'

/** The output of the planning job that holds what it expects of the others. */
export const PLAN_OUTPUT = 'expected'

/** The output of the planning job that says how many tasks of tests a change has; there is none where everything runs. */
export const TESTS_OUTPUT = 'tests'

/** Results and outputs of the jobs that a job of GitHub Actions needs, by their ids: the context `needs`. */
export type Needs = Readonly<Record<string, NeededJob>>

interface NeededJob {
  readonly result: string
  /** `null` where act, or a server built on it, says that there are none. */
  readonly outputs?: Readonly<Record<string, string>> | null | undefined
}

/** Whether the plan has work for a job, by its id. */
export type ExpectedJobs = Readonly<Record<string, 'run' | 'empty'>>

/** What the planning job put out for the gate: the commit that it planned, and what it expects of each job. */
export interface ExpectedRun {
  readonly commit: string
  readonly jobs: ExpectedJobs
}

/** What GitHub Actions allows as the id of a job: nothing that a log or a table could take for something else. */
const jobId = z.string().regex(/^[A-Za-z_][A-Za-z0-9_-]*$/u, 'is not the id of a job')

const needsSchema: z.ZodType<Needs> = z.record(
  jobId,
  z.object({ result: z.string(), outputs: z.record(z.string(), z.string()).nullish() }),
)
const jobsSchema: z.ZodType<ExpectedJobs> = z.record(jobId, z.enum(['run', 'empty']))
const headerSchema = z.looseObject(PLAN_HEADER)

/**
 * Reads what `toJSON(needs)` gives.
 *
 * @throws InterlockError `CONFIG_INVALID` that names every fault with its place; `from` says where the text came from.
 */
export function parseNeeds(text: string, from: string): Needs {
  const hint = 'give it what toJSON(needs) gives'
  return parseOptions(needsSchema, json(text, from, hint), { what: `the results in ${from}`, hint })
}

/** What the planning job put out; `undefined` when it put out nothing. Throws as `parseNeeds` does. */
export function expectedBy(needs: Needs, planJob: string): ExpectedRun | undefined {
  const text = Object.hasOwn(needs, planJob) ? needs[planJob]?.outputs?.[PLAN_OUTPUT] : undefined
  if (text === undefined || text === '') return undefined
  const from = `output "${PLAN_OUTPUT}" of the job ${planJob}`
  const hint = '"interlock ci plan" writes it'
  const place = { what: `the expectations in ${from}`, hint }
  const header = parseOptions(headerSchema, json(text, from, hint), place)
  const jobs = Object.fromEntries(Object.entries(header).filter(([name]) => !Object.hasOwn(PLAN_HEADER, name)))
  return { commit: header['@commit'], jobs: parseOptions(jobsSchema, jobs, place) }
}

/** Tasks of tests that the plan has; `undefined` where the planning job failed, or put out no number. */
export function plannedTests(needs: Needs, planJob: string): number | undefined {
  const plan = Object.hasOwn(needs, planJob) ? needs[planJob] : undefined
  const text = plan?.result === 'success' ? plan.outputs?.[TESTS_OUTPUT] : undefined
  return text !== undefined && /^\d{1,9}$/u.test(text) ? Number(text) : undefined
}

function json(text: string, from: string, hint: string): unknown {
  let isLost = false
  try {
    const value: unknown = JSON.parse(text, (key, inner: unknown) => {
      isLost ||= key === '__proto__'
      return inner
    })
    if (!isLost) return value
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split('\n')[0] : ''
    throw new InterlockError('CONFIG_INVALID', `${from} is not JSON: ${reason}`, { hint, cause })
  }
  // A schema drops the key without a word, and with it the result of a job of that name.
  throw new InterlockError('CONFIG_INVALID', `${from} has the key "__proto__", which cannot be judged`, {
    hint: 'give the job another name',
  })
}
