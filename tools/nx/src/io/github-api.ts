import { fileOf, CI_WORKFLOW } from '../core/gate-runs.ts'
import { type GitHubServer, githubServer, isRateLimit, requestGitHub } from './github-http.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** Where and as whom GitHub's REST API is asked for runs. */
export interface GitHubApi extends GitHubServer {
  /** `owner/name`. */
  readonly repository: string
  /** The file of the workflow that is running, without its folder. */
  readonly workflow: string
}

/** What a question came to. Neither holds anything that the server said in words. */
export type ApiAnswer =
  | { readonly kind: 'answer'; readonly body: unknown; readonly next: string | undefined }
  | { readonly kind: 'failed'; readonly reason: string }

/** The API of the run that this process belongs to, or one sentence on why it cannot be asked. */
export function githubApi(env: Environment, repositoryOfEvent: string | undefined): GitHubApi | string {
  const server = githubServer(env)
  if ((env['GITHUB_TOKEN'] ?? '') === '') return 'there is no GITHUB_TOKEN to ask GitHub with'
  if (typeof server === 'string') return server
  const repository = (env['GITHUB_REPOSITORY'] ?? '') === '' ? repositoryOfEvent : env['GITHUB_REPOSITORY']
  if (repository === undefined || !/^(?!\.)[\w.-]+\/(?!\.{1,2}$)[\w.-]+$/u.test(repository)) {
    return 'neither GITHUB_REPOSITORY nor the event names a repository'
  }
  return { ...server, repository, workflow: fileOf(env['GITHUB_WORKFLOW_REF'] ?? '') ?? CI_WORKFLOW }
}

/** Asks one question. Never throws for what the network or the server does: each fault is a sentence. */
export async function askGitHub(api: GitHubApi, address: string): Promise<ApiAnswer> {
  const answer = await requestGitHub(api, { method: 'GET', address })
  if (answer.kind === 'failed') return answer
  return answer.status === 200 ? answer : { kind: 'failed', reason: refusalOf(answer) }
}

function refusalOf(answer: { readonly status: number; readonly headers: Headers }): string {
  const { status } = answer
  if (isRateLimit(answer)) return `GitHub answered ${status}: too many requests`
  if (status === 401) return 'GitHub answered 401: it does not accept the token'
  if (status === 403) return 'GitHub answered 403: the token may not read the runs of workflows (permission "actions: read")'
  if (status === 404) return 'GitHub answered 404: it knows no such workflow, or does not show it to this token'
  return `GitHub answered ${status}`
}
