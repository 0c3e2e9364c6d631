import { z } from 'zod'
import { COMMIT } from './commit-id.ts'

/** Everything a branch requires of one workflow: the name of its last job. */
export const GATE_JOB = 'gate'

/** The workflow that is asked about where the environment names none: the generated one. */
export const CI_WORKFLOW = 'ci.yml'

/** One finished run of a workflow. */
export interface WorkflowRun {
  readonly id: number
  /** The commit that was checked out. */
  readonly commit: string
}

/** The part of GitHub's answer `GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs` that is used here. */
const RUNS = z.object({
  workflow_runs: z.array(
    z.object({
      id: z.number().int().positive(),
      head_sha: COMMIT,
      head_branch: z.string().nullable(),
      event: z.string(),
      status: z.string().nullable(),
      path: z.string(),
      head_repository: z.object({ full_name: z.string() }).nullable(),
    }),
  ),
})

/** The part of GitHub's answer `GET /repos/{owner}/{repo}/actions/runs/{run_id}/jobs` that is used here. */
const JOBS = z.object({
  jobs: z.array(z.object({ name: z.string(), status: z.string(), conclusion: z.string().nullable() })),
})

/**
 * Events whose run judged the commit itself. The run of a pull request judges a merge that may never have been a state of
 * the branch, by a workflow that the pull request may have changed.
 */
const JUDGING_EVENTS: ReadonlySet<string> = new Set(['push', 'schedule'])

/** What is asked for: the runs of one workflow on one branch of one repository. */
export interface RunsQuery {
  readonly repository: string
  readonly workflow: string
  readonly branch: string
}

/**
 * The finished runs in an answer that judged a commit of the branch; `undefined` for an answer that is not what GitHub
 * documents. What the server was asked to leave out is looked for again: a fork's branch of the same name is in its list.
 */
export function judgingRuns(answer: unknown, { repository, workflow, branch }: RunsQuery): readonly WorkflowRun[] | undefined {
  const parsed = RUNS.safeParse(answer)
  if (!parsed.success) return undefined
  return parsed.data.workflow_runs
    .filter(
      (run) =>
        run.status === 'completed' &&
        JUDGING_EVENTS.has(run.event) &&
        run.head_branch === branch &&
        run.head_repository?.full_name.toLowerCase() === repository.toLowerCase() &&
        fileOf(run.path) === workflow,
    )
    .map(({ id, head_sha: commit }) => ({ id, commit }))
}

/** What the jobs of one page say of the gate; `undefined` for an answer that is not what GitHub documents. */
export function gateOnPage(answer: unknown): 'passed' | 'red' | 'absent' | undefined {
  const parsed = JOBS.safeParse(answer)
  if (!parsed.success) return undefined
  const gates = parsed.data.jobs.filter(({ name }) => name === GATE_JOB)
  if (gates.length === 0) return 'absent'
  return gates.every(({ status, conclusion }) => status === 'completed' && conclusion === 'success') ? 'passed' : 'red'
}

/** `ci.yml` of `.github/workflows/ci.yml`, with or without the repository before it and the ref after it. */
export function fileOf(path: string): string | undefined {
  return /(?:^|\/)\.github\/workflows\/(?<file>[\w.-]+\.ya?ml)(?:@|$)/u.exec(path)?.groups?.['file']
}
