import { type Base, everything, short, withoutCommit } from './base.ts'
import type { PushEvent } from './ci-event.ts'

/** What looking for a commit whose gate passed came to. */
export type GreenSearch =
  | { readonly kind: 'found'; readonly commit: string; readonly run: number }
  /** Of the runs that were asked for none had passed; `isBounded` when there are older ones. */
  | { readonly kind: 'none'; readonly asked: number; readonly isBounded: boolean }
  /** GitHub could not be asked. */
  | { readonly kind: 'unknown'; readonly reason: string }

/** What git and GitHub know about a push. Commits are full ids. */
export interface PushFacts {
  readonly repository: boolean
  readonly head: string | undefined
  /** Whether the pushed commit is `head` or part of it. */
  readonly holdsChange: boolean
  readonly green: GreenSearch
}

/**
 * Decides the commit to compare with for a push. The commit that the branch was at before is never it for that alone: its
 * gate may have been red, cancelled or not done. Never throws: where no commit is known to be good, everything runs.
 */
export function decidePushBase({ branch, change }: PushEvent, facts: PushFacts): Base {
  const nothing = withoutCommit(facts)
  if (nothing !== undefined) return nothing
  if (!facts.holdsChange) {
    return everything('not-checked-out', `HEAD does not hold the newest commit of the push (${short(change)})`)
  }
  const { green } = facts
  if (green.kind === 'found') {
    const reason = `newest commit of ${branch} whose gate passed (run ${green.run})`
    return { kind: 'commit', commit: green.commit, head: undefined, reason }
  }
  if (green.kind === 'unknown') {
    return everything('gate-unknown', `it is not known which commit of ${branch} was good: ${green.reason}`)
  }
  const far = green.isBounded ? 'recent ' : ''
  return everything(
    'no-green-commit',
    `no ${far}run of this workflow passed the gate for an earlier commit of ${branch} (${green.asked} asked)`,
  )
}
