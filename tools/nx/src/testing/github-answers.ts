import type { components } from '@octokit/openapi-types'

type Schemas = components['schemas']

/** One run of a workflow, as a test tells it. */
export interface FakeRun {
  readonly id: number
  readonly commit: string
  readonly branch: string
  readonly event: string
  readonly status: string
  readonly conclusion: string | null
  /** `owner/name` of the repository that holds the branch. */
  readonly from: string
  readonly workflow: string
  readonly jobs: readonly FakeJob[]
}

export interface FakeJob {
  readonly name: string
  readonly status: Schemas['job']['status']
  readonly conclusion: Schemas['job']['conclusion']
}

const AT = '2026-11-01T00:00:00Z'
const ELSEWHERE = 'https://api.example.invalid'

/** A run with every field that GitHub's published schema requires. */
export function workflowRun(run: FakeRun, repository: string): Schemas['workflow-run'] {
  const url = `${ELSEWHERE}/repos/${repository}/actions/runs/${run.id}`
  const author = { name: 'test', email: 'test@example.invalid' }
  return {
    id: run.id,
    node_id: `run-${run.id}`,
    head_branch: run.branch,
    head_sha: run.commit,
    path: `.github/workflows/${run.workflow}`,
    run_number: run.id,
    display_title: 'a change',
    event: run.event,
    status: run.status,
    conclusion: run.conclusion,
    workflow_id: 1,
    url,
    html_url: url,
    pull_requests: [],
    created_at: AT,
    updated_at: AT,
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    check_suite_url: `${url}/check-suite`,
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    workflow_url: `${url}/workflow`,
    head_commit: { id: run.commit, tree_id: run.commit, message: 'm', timestamp: AT, author, committer: author },
    repository: minimalRepository(repository),
    head_repository: minimalRepository(run.from),
  }
}

/** A job with every field that GitHub's published schema requires. */
export function job({ name, status, conclusion }: FakeJob, run: FakeRun, id: number): Schemas['job'] {
  const url = `${ELSEWHERE}/jobs/${id}`
  return {
    id,
    run_id: run.id,
    run_url: url,
    node_id: `job-${id}`,
    head_sha: run.commit,
    url,
    html_url: url,
    status,
    conclusion,
    created_at: AT,
    started_at: AT,
    completed_at: AT,
    name,
    check_run_url: url,
    labels: ['ubuntu-24.04'],
    runner_id: 1,
    runner_name: 'runner',
    runner_group_id: 1,
    runner_group_name: 'hosted',
    workflow_name: run.workflow,
    head_branch: run.branch,
  }
}

function minimalRepository(fullName: string): Schemas['minimal-repository'] {
  const [login = '', name = ''] = fullName.split('/')
  const owner = {
    login,
    id: 1,
    node_id: login,
    gravatar_id: null,
    type: 'Organization',
    site_admin: false,
    url: ELSEWHERE,
    ...addresses(OWNER_ADDRESSES),
  }
  return {
    id: 1,
    node_id: fullName,
    name,
    full_name: fullName,
    owner,
    private: true,
    description: null,
    fork: false,
    url: ELSEWHERE,
    ...addresses(REPOSITORY_ADDRESSES),
  }
}

function addresses<Name extends string>(names: readonly Name[]): Record<Name, string> {
  return Object.fromEntries(names.map((name) => [name, `${ELSEWHERE}/${name}`])) as Record<Name, string>
}

const OWNER_ADDRESSES = [
  'avatar_url',
  'html_url',
  'followers_url',
  'following_url',
  'gists_url',
  'starred_url',
  'subscriptions_url',
  'organizations_url',
  'repos_url',
  'events_url',
  'received_events_url',
] as const

const REPOSITORY_ADDRESSES = [
  'html_url',
  'archive_url',
  'assignees_url',
  'blobs_url',
  'branches_url',
  'collaborators_url',
  'comments_url',
  'commits_url',
  'compare_url',
  'contents_url',
  'contributors_url',
  'deployments_url',
  'downloads_url',
  'events_url',
  'forks_url',
  'git_commits_url',
  'git_refs_url',
  'git_tags_url',
  'issue_comment_url',
  'issue_events_url',
  'issues_url',
  'keys_url',
  'labels_url',
  'languages_url',
  'merges_url',
  'milestones_url',
  'notifications_url',
  'pulls_url',
  'releases_url',
  'stargazers_url',
  'statuses_url',
  'subscribers_url',
  'subscription_url',
  'tags_url',
  'teams_url',
  'trees_url',
  'hooks_url',
] as const
