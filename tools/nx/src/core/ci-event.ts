import { z } from 'zod'
import { type Base, type BaseFacts, type BaseRequest, decideBase, everything, short } from './base.ts'

/** What an event of GitHub asks to compare with: a commit that it names, or nothing that could be compared. */
export type CiEvent =
  | {
      readonly kind: 'compare'
      /** Full id. */
      readonly base: string
      /** What the base is, for messages: `the base of pull request #7`. */
      readonly what: string
    }
  | { readonly kind: 'everything'; readonly reason: string }

const COMMIT = z.string().regex(/^(?!0+$)(?:[0-9a-f]{40}|[0-9a-f]{64})$/u)

const PULL_REQUEST = z.object({ pull_request: z.object({ number: z.number(), base: z.object({ sha: COMMIT }) }) })
const MERGE_GROUP = z.object({ merge_group: z.object({ base_sha: COMMIT }) })

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
  if (kind === 'pull_request') {
    const event = PULL_REQUEST.safeParse(payload)
    if (!event.success) return incomplete(kind, event.error)
    const { number, base } = event.data.pull_request
    return { kind: 'compare', base: base.sha, what: `the base of pull request #${number}` }
  }
  if (kind === 'merge_group') {
    const event = MERGE_GROUP.safeParse(payload)
    if (!event.success) return incomplete(kind, event.error)
    return { kind: 'compare', base: event.data.merge_group.base_sha, what: 'the base of the merge queue' }
  }
  if (kind === undefined) return { kind: 'everything', reason: 'the payload is of no event that is known here' }
  return { kind: 'everything', reason: WHOLE.get(kind) ?? `the event ${JSON.stringify(kind)} compares with nothing` }
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

const NOTHING_ASKED: BaseRequest = { base: undefined, head: undefined, baseFrom: '', headFrom: '' }

/** Decides the commit to compare with for an event. Never throws: what cannot be compared runs everything. */
export function decideEventBase(event: CiEvent, facts: BaseFacts): Base {
  if (event.kind === 'everything') return everything('event', event.reason)
  if (!facts.repository || facts.head === undefined) return decideBase(NOTHING_ASKED, facts)
  if (facts.base === undefined) {
    return everything('unreachable', `${event.what} (${short(event.base)}) is not in this clone, and could not be fetched`)
  }
  if (facts.mergeBase === facts.head) {
    return everything('nothing-since', `HEAD has nothing that ${event.what} (${short(event.base)}) does not have`)
  }
  // Where the ancestor cannot be reached, two commits of a cut history would be compared by luck.
  if (facts.mergeBase === undefined && facts.shallow) {
    return everything('shallow', `this clone does not reach the common ancestor with ${event.what}, and it could not be fetched`)
  }
  return decideBase({ base: event.base, head: undefined, baseFrom: event.what, headFrom: 'HEAD' }, facts)
}
