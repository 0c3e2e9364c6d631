import { z } from 'zod'
import { type Base, everything, type EverythingCause, short, withoutCommit } from './base.ts'
import { COMMIT } from './commit-id.ts'

/** What an event of GitHub asks to compare, or why there is nothing to compare with. */
export type CiEvent = CompareEvent | PushEvent | WholeEvent

/** The event names a commit or a branch to compare with. */
export interface CompareEvent {
  readonly kind: 'compare'
  /** A full commit id, or the full name of a branch of the remote. */
  readonly base: string
  /** Full id of the commit that the event itself calls its base, where `base` is a branch. */
  readonly below?: string
  /** Full id of the newest commit of the change; the checkout must hold it. */
  readonly change: string
  /** What the change is, for messages: `pull request #7`. */
  readonly what: string
}

/** The event names the commit that the branch was at before, which says nothing about whether it was good. */
export interface PushEvent {
  readonly kind: 'push'
  /** The branch, without `refs/heads/`. */
  readonly branch: string
  /** Full id of the newest commit; the checkout must hold it. */
  readonly change: string
  /** `owner/name`. */
  readonly repository: string
}

/** The event compares with nothing: by its kind (`event`), or because its payload cannot be used (`payload`). */
export interface WholeEvent {
  readonly kind: 'everything'
  readonly cause: Extract<EverythingCause, 'event' | 'payload'>
  readonly reason: string
}

const BRANCH = z.string().regex(/^refs\/heads\/(?!.*(?:\.\.|@\{))[^\s~^:?*[\\\p{Cc}]+$/u)

const PULL_REQUEST = z.object({
  pull_request: z.object({
    number: z.number(),
    base: z.object({ sha: COMMIT, ref: z.string() }),
    head: z.object({ sha: COMMIT }),
  }),
  repository: z.object({ default_branch: z.string() }),
})
const PUSH = z.object({
  ref: z.string().startsWith('refs/'),
  after: COMMIT,
  repository: z.object({ full_name: z.string() }),
})
const MERGE_GROUP = z.object({ merge_group: z.object({ base_ref: BRANCH, base_sha: COMMIT, head_sha: COMMIT }) })

const WHOLE: ReadonlyMap<string, string> = new Map([
  ['schedule', 'a schedule compares with nothing'],
  ['workflow_dispatch', 'a run that a person starts compares with nothing'],
  ['pull_request_target', 'pull_request_target checks out the base, which says nothing about the pull request'],
])

/**
 * Reads the payload of an event by its published fields (GitHub's webhook schema). `name` is the event's name, or
 * `undefined` where only the payload is known. What cannot be read is never an error: everything runs, and the reason says
 * what is missing.
 */
export function ciEvent(name: string | undefined, payload: unknown): CiEvent {
  const kind = name ?? kindOf(payload)
  if (kind === 'pull_request') return pullRequest(payload)
  if (kind === 'merge_group') return mergeGroup(payload)
  if (kind === 'push') return push(payload)
  if (kind === undefined) return unusable('the payload is of no event that is known here')
  return whole(WHOLE.get(kind) ?? `the event ${JSON.stringify(kind)} compares with nothing`)
}

/** Everything, because the payload of an event cannot be used. */
export function unusable(reason: string): WholeEvent {
  return { kind: 'everything', cause: 'payload', reason }
}

function whole(reason: string): WholeEvent {
  return { kind: 'everything', cause: 'event', reason }
}

function pullRequest(payload: unknown): CiEvent {
  const event = PULL_REQUEST.safeParse(payload)
  if (!event.success) return incomplete('pull_request', event.error)
  const { number, base, head } = event.data.pull_request
  const { default_branch: main } = event.data.repository
  const what = `pull request #${number}`
  if (base.ref === main) return { kind: 'compare', base: base.sha, change: head.sha, what }
  return whole(`${what} is for another branch than ${main}, which may never have been good`)
}

function push(payload: unknown): CiEvent {
  const { deleted } = z.object({ deleted: z.unknown().optional() }).safeParse(payload).data ?? {}
  if (deleted === true) return whole('the push deletes its branch, so it leaves nothing to compare')
  const event = PUSH.safeParse(payload)
  if (!event.success) return incomplete('push', event.error)
  const { ref, after: change, repository } = event.data
  if (ref.startsWith('refs/tags/')) return whole('a tag compares with nothing')
  if (!BRANCH.safeParse(ref).success) return unusable('the payload of push has no usable ref')
  return { kind: 'push', branch: ref.slice('refs/heads/'.length), change, repository: repository.full_name }
}

/**
 * The commit below a group is its base only where it is a state of the branch. Else it is another group that nobody has
 * tested yet, and with the branch itself no change of that group is left out.
 */
function mergeGroup(payload: unknown): CiEvent {
  const event = MERGE_GROUP.safeParse(payload)
  if (!event.success) return incomplete('merge_group', event.error)
  const { base_ref: base, base_sha: below, head_sha: change } = event.data.merge_group
  return { kind: 'compare', base, below, change, what: 'the merge queue' }
}

function kindOf(payload: unknown): string | undefined {
  if (typeof payload !== 'object' || payload === null) return undefined
  if ('pull_request' in payload) return 'pull_request'
  if ('merge_group' in payload) return 'merge_group'
  if ('schedule' in payload) return 'schedule'
  if ('workflow' in payload && 'inputs' in payload) return 'workflow_dispatch'
  return 'before' in payload && 'after' in payload ? 'push' : undefined
}

function incomplete(kind: string, error: z.ZodError): WholeEvent {
  const fields = error.issues.map(({ path }) => path.join('.') || '(all)')
  return unusable(`the payload of ${kind} has no usable ${fields.join(', ')}`)
}

/** What git knows about an event that compares. Commits are full ids. */
export interface EventFacts {
  readonly repository: boolean
  readonly shallow: boolean
  readonly head: string | undefined
  /** The event's base, if the remote and this clone have it. */
  readonly base: string | undefined
  /** The only best common ancestor of `head` and the base; `undefined` for none and for several. */
  readonly mergeBase: string | undefined
  /** Whether the ancestor was itself a state of the branch: one of its first parents. */
  readonly onBranch: boolean
  /** Whether the change is `head` or part of it. */
  readonly holdsChange: boolean
}

/** Decides the commit to compare with for an event. Never throws: what cannot be compared runs everything. */
export function decideEventBase(event: CompareEvent, facts: EventFacts): Base {
  const { base, what } = { base: facts.base, what: `the base of ${event.what}` }
  const nothing = withoutCommit(facts)
  if (nothing !== undefined) return nothing
  if (base === undefined) return everything('unreachable', `${what} is not in this clone, and could not be fetched`)
  if (facts.mergeBase === undefined) {
    return facts.shallow
      ? everything('shallow', `this clone does not reach the common ancestor with ${what}, and it could not be fetched`)
      : everything('unrelated', `HEAD has no single common ancestor with ${what} (${short(base)})`)
  }
  if (!facts.holdsChange) {
    return everything('not-checked-out', `HEAD does not hold the newest commit of ${event.what} (${short(event.change)})`)
  }
  if (facts.mergeBase === facts.head) {
    return everything('nothing-since', `HEAD has nothing that ${what} (${short(base)}) does not have`)
  }
  if (!facts.onBranch) {
    return everything('side-branch', `the common ancestor ${short(facts.mergeBase)} with ${what} was never a state of its branch`)
  }
  const isBase = facts.mergeBase === base || facts.mergeBase === event.below
  const reason = isBase ? what : `merge base with ${what} (${short(base)})`
  return { kind: 'commit', commit: facts.mergeBase, head: undefined, reason }
}
