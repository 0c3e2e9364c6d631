import { GATE } from '../gate.ts'
import { isSecurityGroup } from '../pipeline/dependabot.ts'
import { doubtsAbout, isDependabot } from './doubts.ts'
import type { UpdateFacts } from './facts.ts'
import { shown, shownList } from './shown.ts'
import { longest, type Step, stepOf } from './versions.ts'

/** Labels that say why a person has to look. */
export const LABELS: Readonly<Record<Exclude<Step, 'patch'> | 'doubt' | 'security', string>> = {
  major: 'dependencies: major',
  minor: 'dependencies: minor',
  unknown: 'dependencies: unknown',
  doubt: 'dependencies: review',
  security: 'security',
}

/**
 * What becomes of a pull request of Dependabot.
 *
 * - `merge`: it merges by itself once the gate is green
 * - `review`: a person decides
 * - `security`: a person decides, soon
 * - `refused`: it is none that may be decided on, or the branch does not hold a merge back
 * - `outdated`: a newer run decides, or nothing is left to decide
 */
export interface Decision {
  readonly kind: 'merge' | 'review' | 'security' | 'refused' | 'outdated'
  /** One sentence each, without a full stop. */
  readonly reasons: readonly string[]
  /** The label that the pull request shall have of `LABELS`. */
  readonly label: string | undefined
  /** Whether an auto-merge that a bot turned on may stay: not once a push made a person's look necessary. */
  readonly withdraw: boolean
}

/** Decides on an update. Whatever is not known is a reason for a person to look. */
export function decideUpdate(facts: UpdateFacts): Decision {
  const outdated = outdatedBy(facts)
  if (outdated.length > 0) return { kind: 'outdated', reasons: outdated, label: undefined, withdraw: false }
  const foreign = foreignIn(facts)
  if (foreign.length > 0) return { kind: 'refused', reasons: foreign, label: undefined, withdraw: false }
  const doubts = doubtsAbout(facts)
  const security = securityIn(facts)
  if (security.length > 0) return { kind: 'security', reasons: [...security, ...doubts], label: LABELS.security, withdraw: true }
  if (doubts.length > 0) return { kind: 'review', reasons: doubts, label: labelOf(facts), withdraw: true }
  const unguarded = unguardedBy(facts)
  if (unguarded.length > 0) return { kind: 'refused', reasons: unguarded, label: undefined, withdraw: true }
  return { kind: 'merge', reasons: [mergeable(facts)], label: undefined, withdraw: false }
}

function outdatedBy({ pull, event }: UpdateFacts): string[] {
  const closed = pull.state === 'open' ? [] : [`the pull request is ${shown(pull.state)}`]
  const { sha } = event.pull_request.head
  const moved = pull.head.sha === sha ? [] : [`the head is no longer ${sha.slice(0, 12)}: the run of the newer one decides`]
  return [...closed, ...moved]
}

/** Why the pull request is not Dependabot's own of this repository. */
function foreignIn({ pull, event }: UpdateFacts): string[] {
  const author = isDependabot(pull.user) ? [] : [`the author is ${shown(pull.user?.login)}, not Dependabot`]
  const home = event.repository.full_name
  const fork = pull.head.repo?.full_name === home ? [] : [`the branch is of ${shown(pull.head.repo?.full_name)}, not of ${home}`]
  const base = pull.base.repo?.full_name === home ? [] : [`it is for ${shown(pull.base.repo?.full_name)}, not for ${home}`]
  return [...author, ...fork, ...base]
}

/** Signs that an update answers an advisory. Without rights to read alerts, Dependabot's groups and labels tell. */
function securityIn({ pull, metadata }: UpdateFacts): string[] {
  const labels = pull.labels.filter(({ name }) => /security/iu.test(name)).map(({ name }) => `it has the label ${shown(name)}`)
  const title = /\[security\]/iu.test(pull.title) ? ['the title says that it is a security update'] : []
  const dependencies = metadata.known ? metadata.dependencies : []
  return [
    ...labels,
    ...title,
    ...dependencies.flatMap(({ name, advisory, group }) => [
      ...(advisory === '' ? [] : [`${shown(name)} has an advisory (${shown(advisory)})`]),
      ...(isSecurityGroup(group) ? [`${shown(name)} is in the group ${shown(group)}`] : []),
    ]),
  ]
}

/** Why turning auto-merge on would not wait for the gate. */
function unguardedBy({ pull, rules, allowsAutoMerge }: UpdateFacts): string[] {
  const required = rules.some(
    ({ type, parameters }) =>
      type === 'required_status_checks' && parameters?.required_status_checks?.some(({ context }) => context === GATE) === true,
  )
  return [
    ...(required
      ? []
      : [`no rule of ${shown(pull.base.ref)} requires the check "${GATE}": it would merge at once, whatever failed`]),
    ...(allowsAutoMerge ? [] : ['the repository does not allow auto-merge']),
  ]
}

function labelOf({ metadata }: UpdateFacts): string {
  const step = metadata.known ? longest(metadata.dependencies.map(stepOf)) : 'unknown'
  return LABELS[step === 'patch' ? 'doubt' : step]
}

function mergeable({ metadata, tests }: UpdateFacts): string {
  const names = metadata.known ? metadata.dependencies.map(({ name }) => name) : []
  const moves = names.length === 1 ? 'moves' : 'move'
  return `${shownList(names)} ${moves} by a patch version, and ${tests === 1 ? 'one test runs' : `${tests} tests run`} for it`
}
