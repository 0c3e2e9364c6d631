import { type SimulatedEvent, textAt } from './event.ts'
import type { Workflow } from './model.ts'

/** What a run is, beside its event. */
export interface RunFacts {
  /** `owner/name` */
  readonly repository: string
  /** Absolute path of the checkout. */
  readonly workspace: string
  readonly eventFile: string
}

/** A number that no run of GitHub has. */
const RUN_ID = '1'

/** The context `github` of a run; a job adds its own id. There is no token. */
export function githubContext(workflow: Workflow, event: SimulatedEvent, facts: RunFacts): Readonly<Record<string, unknown>> {
  const { repository, workspace, eventFile } = facts
  const isPullRequest = event.name.startsWith('pull_request')
  return {
    actor: event.actor,
    triggering_actor: event.actor,
    event_name: event.name,
    event: event.payload,
    event_path: eventFile,
    ref: event.ref,
    ref_name: event.ref.replace(/^refs\/(?:heads|tags|pull)\//u, ''),
    ref_type: event.ref.startsWith('refs/tags/') ? 'tag' : 'branch',
    ref_protected: false,
    sha: event.sha,
    head_ref: isPullRequest ? (textAt(event.payload, 'pull_request.head.ref') ?? '') : '',
    base_ref: isPullRequest ? (textAt(event.payload, 'pull_request.base.ref') ?? '') : '',
    repository,
    repository_owner: repository.split('/')[0] ?? '',
    repositoryUrl: `git://github.com/${repository}.git`,
    run_id: RUN_ID,
    run_number: RUN_ID,
    run_attempt: '1',
    workflow: workflow.name,
    workflow_ref: `${repository}/${workflow.file}@${event.ref}`,
    workflow_sha: event.sha,
    workspace,
    server_url: 'https://github.com',
    api_url: 'https://api.github.com',
    graphql_url: 'https://api.github.com/graphql',
    retention_days: '90',
    token: '',
  }
}

const VARIABLES = [
  'actor',
  'api_url',
  'base_ref',
  'event_name',
  'event_path',
  'graphql_url',
  'head_ref',
  'job',
  'ref',
  'ref_name',
  'ref_protected',
  'ref_type',
  'repository',
  'repository_owner',
  'run_attempt',
  'run_id',
  'run_number',
  'server_url',
  'sha',
  'triggering_actor',
  'workflow',
  'workflow_ref',
  'workflow_sha',
  'workspace',
  'action_path',
] as const

/** `GITHUB_SHA` and its like, for the commands of a job. */
export function githubVariables(github: Readonly<Record<string, unknown>>): Record<string, string> {
  const given = VARIABLES.filter((name) => Object.hasOwn(github, name))
  return {
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    ...Object.fromEntries(given.map((name) => [`GITHUB_${name.toUpperCase()}`, String(github[name])])),
  }
}
