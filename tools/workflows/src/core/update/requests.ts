import type { Change } from './changes.ts'
import type { PullRequest } from './facts.ts'

/** A change as GitHub's API takes it. */
export type ChangeRequest =
  | {
      readonly kind: 'rest'
      readonly method: 'POST' | 'DELETE'
      readonly names: readonly (string | number)[]
      readonly body?: unknown
    }
  | { readonly kind: 'graphql'; readonly mutation: string; readonly input: Readonly<Record<string, unknown>> }

/** The request that makes a change. `repository` is `owner/name`. */
export function requestOf(change: Change, { node_id: pullRequestId, number }: PullRequest, repository: string): ChangeRequest {
  const place = ['repos', ...repository.split('/')]
  const { kind } = change
  if (kind === 'disable-auto-merge') {
    return { kind: 'graphql', mutation: 'disablePullRequestAutoMerge', input: { pullRequestId } }
  }
  if (kind === 'enable-auto-merge') {
    const input = { pullRequestId, expectedHeadOid: change.head, mergeMethod: change.method.toUpperCase() }
    return { kind: 'graphql', mutation: 'enablePullRequestAutoMerge', input }
  }
  if (kind === 'request-review') {
    const body = { reviewers: change.users, team_reviewers: change.teams }
    return { kind: 'rest', method: 'POST', names: [...place, 'pulls', number, 'requested_reviewers'], body }
  }
  const labels = [...place, 'issues', number, 'labels']
  if (kind === 'remove-label') return { kind: 'rest', method: 'DELETE', names: [...labels, change.label] }
  return { kind: 'rest', method: 'POST', names: labels, body: { labels: [change.label] } }
}
