import { z } from 'zod'
import { type Base, everything, short, withoutCommit } from './base.ts'

/** What an event of GitHub asks to compare, or why there is nothing to compare with. */
export type CiEvent =
  | {
      readonly kind: 'compare'
      /** A full commit id, or the full name of a branch of the remote. */
      readonly base: string
      /** Full id of the newest commit of the change; the checkout must hold it. */
      readonly change: string
      /** What the change is, for messages: `pull request #7`. */
      readonly what: string
    }
  | { readonly kind: 'everything'; readonly reason: string }

const COMMIT = z.string().regex(/^(?!0+$)(?:[0-9a-f]{40}|[0-9a-f]{64})$/u)
const BRANCH = z.string().regex(/^refs\/heads\/(?!.*(?:\.\.|@\{))[^\s~^:?*[\\\p{Cc}]+$/u)

const PULL_REQUEST = z.object({
  pull_request: z.object({
    number: z.number(),
    base: z.object({ sha: COMMIT, ref: z.string() }),
    head: z.object({ sha: COMMIT }),
  }),
  repository: z.object({ default_branch: z.string() }),
})
const MERGE_GROUP = z.object({ merge_group: z.object({ base_ref: BRANCH, head_sha: COMMIT }) })

const WHOLE: ReadonlyMap<string, string> = new Map([
  ['push', 'a push says which commit was there before, not which one was good'],
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
  if (kind === undefined) return { kind: 'everything', reason: 'the payload is of no event that is known here' }
  return { kind: 'everything', reason: WHOLE.get(kind) ?? `the event ${JSON.stringify(kind)} compares with nothing` }
}

function pullRequest(payload: unknown): CiEvent {
  const event = PULL_REQUEST.safeParse(payload)
  if (!event.success) return incomplete('pull_request', event.error)
  const { number, base, head } = event.data.pull_request
  const { default_branch: main } = event.data.repository
  const what = `pull request #${number}`
  if (base.ref === main) return { kind: 'compare', base: base.sha, change: head.sha, what }
  return { kind: 'everything', reason: `${what} is for another branch than ${main}, which may never have been good` }
}

/** The commit below a group may be another group that nobody has tested yet, so the branch itself is compared with. */
function mergeGroup(payload: unknown): CiEvent {
  const event = MERGE_GROUP.safeParse(payload)
  if (!event.success) return incomplete('merge_group', event.error)
  const { base_ref: base, head_sha: change } = event.data.merge_group
  return { kind: 'compare', base, change, what: 'the merge queue' }
}

function kindOf(payload: unknown): string | undefined {
  if (typeof payload !== 'object' || payload === null) return undefined
  if ('pull_request' in payload) return 'pull_request'
  if ('merge_group' in payload) return 'merge_group'
  if ('schedule' in payload) return 'schedule'
  if ('workflow' in payload && 'inputs' in payload) return 'workflow_dispatch'
  return 'before' in payload && 'after' in payload ? 'push' : undefined
}

function incomplete(kind: string, error: z.ZodError): CiEvent {
  const fields = error.issues.map(({ path }) => path.join('.') || '(all)')
  return { kind: 'everything', reason: `the payload of ${kind} has no usable ${fields.join(', ')}` }
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
export function decideEventBase(event: CiEvent, facts: EventFacts): Base {
  if (event.kind === 'everything') return everything('event', event.reason)
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
  const reason = facts.mergeBase === base ? what : `merge base with ${what} (${short(base)})`
  return { kind: 'commit', commit: facts.mergeBase, head: undefined, reason }
}
