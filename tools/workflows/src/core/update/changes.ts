import { type Decision, LABELS } from './decide.ts'
import type { PullRequest } from './facts.ts'
import { shown } from './shown.ts'

export type MergeMethod = 'merge' | 'rebase' | 'squash'

/** One thing to change about a pull request. */
export type Change =
  | { readonly kind: 'disable-auto-merge' }
  | { readonly kind: 'remove-label'; readonly label: string }
  | { readonly kind: 'add-label'; readonly label: string }
  | { readonly kind: 'request-review'; readonly users: readonly string[]; readonly teams: readonly string[] }
  | { readonly kind: 'enable-auto-merge'; readonly method: MergeMethod; readonly head: string }

export interface Wishes {
  /** Names of users, and teams as `organization/team`. */
  readonly reviewers: readonly string[]
  readonly method: MergeMethod
}

/**
 * What has to change so that the pull request is as decided; nothing the second time. What holds a merge back comes first.
 * An auto-merge that a person turned on is that person's decision.
 */
export function changesFor(decision: Decision, pull: PullRequest, { reviewers, method }: Wishes): Change[] {
  const isOn = pull.auto_merge !== null
  const isOfBot = pull.auto_merge?.enabled_by.type === 'Bot'
  return [
    ...(decision.withdraw && isOfBot ? [{ kind: 'disable-auto-merge' } as const] : []),
    ...labelChanges(decision, pull),
    ...(isForPeople(decision) ? reviewChanges(pull, reviewers) : []),
    ...(decision.kind === 'merge' && !isOn ? [{ kind: 'enable-auto-merge', method, head: pull.head.sha } as const] : []),
  ]
}

function isForPeople({ kind }: Decision): boolean {
  return kind === 'review' || kind === 'security'
}

function labelChanges(decision: Decision, { labels }: PullRequest): Change[] {
  if (decision.kind !== 'merge' && !isForPeople(decision)) return []
  const { security: _, ...managed } = LABELS
  const ours = new Set(Object.values(managed).filter((label) => label !== decision.label))
  // GitHub takes two labels for one that differ in case alone.
  const stale = labels.filter(({ name }) => ours.has(name.toLowerCase()))
  const isThere = labels.some(({ name }) => name.toLowerCase() === decision.label)
  return [
    ...stale.map(({ name }): Change => ({ kind: 'remove-label', label: name })),
    ...(decision.label === undefined || isThere ? [] : [{ kind: 'add-label', label: decision.label } as const]),
  ]
}

function reviewChanges(pull: PullRequest, reviewers: readonly string[]): Change[] {
  const asked = new Set(pull.requested_reviewers.map(({ login }) => login.toLowerCase()))
  const askedTeams = new Set(pull.requested_teams.map(({ slug }) => slug))
  const users = reviewers.filter((name) => !name.includes('/') && !asked.has(name.toLowerCase()))
  const teams = reviewers.filter((name) => name.includes('/')).map((name) => name.slice(name.indexOf('/') + 1))
  const missing = teams.filter((team) => !askedTeams.has(team))
  return users.length + missing.length === 0 ? [] : [{ kind: 'request-review', users, teams: missing }]
}

/** What a change is, for people. */
export function sentenceOf(change: Change): string {
  const { kind } = change
  if (kind === 'disable-auto-merge') return 'auto-merge is turned off'
  if (kind === 'enable-auto-merge') return `auto-merge is turned on (${change.method}), at the commit ${change.head.slice(0, 12)}`
  if (kind === 'add-label') return `the label ${shown(change.label)} is added`
  if (kind === 'remove-label') return `the label ${shown(change.label)} is removed`
  return `a review is asked of ${[...change.users, ...change.teams].join(', ')}`
}
