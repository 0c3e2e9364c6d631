import type { Issuer } from './schema.ts'

/**
 * What starts jobs of which only code of the protected branch is run. Everything else that GitHub knows either runs for
 * somebody else's change, or runs on the default branch with text of somebody else at hand (`issue_comment`, `workflow_run`).
 */
const OWN_EVENTS: Readonly<Record<'github' | 'gitlab', readonly string[]>> = {
  github: ['push', 'repository_dispatch', 'schedule', 'workflow_dispatch'],
  gitlab: ['api', 'push', 'schedule', 'web'],
}

/**
 * What starts jobs of GitHub whose `ref` says whose code they run. The jobs of everything else all have the ref of the default
 * branch, so that a scope named by it would be shared by every pull request that starts one.
 */
const OWN_REF: readonly string[] = [
  ...OWN_EVENTS.github,
  'create',
  'merge_group',
  'pull_request',
  'pull_request_review',
  'pull_request_review_comment',
  'release',
]

/** What starts jobs of a merge queue of GitHub, which guard the branch and so believe nothing but what is trusted. */
export const MERGE_QUEUE = 'merge_group'

/** Words of other issuers that speak of a change of somebody else. */
const FOREIGN = /pull|merge|review|comment|fork|external|issue|discussion|workflow_run|(?:^|[^a-z])[mp]r(?:[^a-z]|$)/iu

/** Whether a job that this started may write what everybody trusts. */
export function mayBeTrusted(kind: Issuer['kind'], event: string): boolean {
  return kind === 'other' ? !FOREIGN.test(event) : OWN_EVENTS[kind].includes(event)
}

/** The events that may, for messages. */
export function trustedEvents(kind: Issuer['kind']): string {
  return kind === 'other' ? 'events of pushes and schedules' : OWN_EVENTS[kind].join(', ')
}

/** Whether a job that this started may have a scope that is named by its reference. */
export function hasOwnRef(kind: Issuer['kind'], event: string): boolean {
  return kind !== 'github' || OWN_REF.includes(event)
}
