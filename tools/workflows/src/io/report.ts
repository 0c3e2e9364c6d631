import { InterlockError } from '@interlock/kit'
import { z } from 'zod'
import type { Run } from '../core/report/runs.ts'
import type { StoredSecrets } from '../core/report/secrets.ts'
import { askGitHub, documented, type GitHub, githubPath, listGitHub } from './github-api.ts'

/** The part of GitHub's answer `GET /repos/{owner}/{repo}/actions/runs` that is used here. */
const RUNS = z.object({ total_count: z.int(), workflow_runs: z.array(z.unknown()) })
const RUN = z.object({
  path: z.string(),
  event: z.string(),
  head_branch: z.string().nullable(),
  status: z.string().nullable(),
  conclusion: z.string().nullable(),
  run_attempt: z.int().default(1),
  run_started_at: z.iso.datetime().optional(),
  updated_at: z.iso.datetime(),
})

/** The same of `GET /repos/{owner}/{repo}/environments/{environment_name}/secrets`. */
const SECRETS = z.object({ secrets: z.array(z.object({ name: z.string(), updated_at: z.iso.datetime() })) })

/** GitHub gives no more than this to one question, however many there are. */
export const MOST_RUNS = 1000

/** Runs since a day, the newest first. Throws as `askGitHub` does. */
export async function runsSince(
  github: GitHub,
  repository: string,
  day: string,
): Promise<{ readonly runs: readonly Run[]; readonly total: number }> {
  let total = 0
  const path = `/repos${repositoryPath(repository)}/actions/runs?created=${encodeURIComponent(`>=${day}`)}`
  const listed = await listGitHub(github, path, (answer) => {
    const { total_count: count, workflow_runs: page } = documented(RUNS, answer, `GET ${path}`)
    total = count
    return page
  })
  return { runs: listed.map((run) => runOf(documented(RUN, run, `GET ${path}`))), total }
}

function runOf({ path, event, head_branch: branch, status, conclusion, ...run }: z.output<typeof RUN>): Run {
  return {
    workflow: path.replace(/@.*$/u, '').replace(/^\.github\/workflows\//u, ''),
    event,
    branch,
    status,
    conclusion,
    attempt: run.run_attempt,
    startedAt: run.run_started_at === undefined ? undefined : Date.parse(run.run_started_at),
    endedAt: Date.parse(run.updated_at),
  }
}

/** Names and ages of an environment's secrets; a token that may not see them is an answer, not an error. */
export async function secretsOf(github: GitHub, repository: string, environment: string): Promise<StoredSecrets> {
  const path = `/repos${repositoryPath(repository)}/environments${githubPath(environment)}/secrets?per_page=100`
  try {
    const answer = await askGitHub(github, { method: 'GET', path })
    const { secrets } = documented(SECRETS, answer, `GET ${path}`)
    return { kind: 'known', secrets: secrets.map(({ name, updated_at: at }) => ({ name, updatedAt: Date.parse(at) })) }
  } catch (error) {
    if (!(error instanceof InterlockError)) throw error
    return { kind: 'unknown', reason: error.reason }
  }
}

function repositoryPath(repository: string): string {
  return githubPath(...repository.split('/'))
}
