import { setTimeout as sleep } from 'node:timers/promises'
import type { SignalGuard } from './parent-signals.ts'
import { endGroup } from './process-group.ts'

const DEFAULT_GRACE_MS = 5000
/** How long the pipes of a killed group may stay open: somebody who left the group may hold them for ever. */
const DRAIN_MS = 500

/** Why a group was ended by us. */
export type EndReason =
  | { readonly kind: 'timeout'; readonly timeoutMs: number }
  | { readonly kind: 'abort' | 'parent'; readonly signal: NodeJS.Signals }

export interface SuperviseOptions {
  readonly timeoutMs?: number | undefined
  readonly graceMs?: number | undefined
  readonly signal?: AbortSignal | undefined
}

export interface RunningChild<Result> {
  readonly pid: number
  /** Opened before the child was started; the caller releases it. */
  readonly guard: SignalGuard
  /** Settles when the child has gone and its pipes are closed. */
  readonly result: Promise<Result>
}

export interface Supervised<Result> {
  /** `undefined` when the group was killed and its pipes did not close. */
  readonly result: Result | undefined
  readonly endedBy: EndReason | undefined
}

/** Waits for a child; ends its whole group at the time-out, on abort, and when this process is asked to end. */
export async function supervise<Result>(child: RunningChild<Result>, options: SuperviseOptions): Promise<Supervised<Result>> {
  let endedBy: EndReason | undefined
  let groupEnded: Promise<void> = Promise.resolve()
  let giveUp: (value: undefined) => void = () => undefined
  const abandoned = new Promise<undefined>((resolve) => {
    giveUp = resolve
  })
  const end = (reason: EndReason): void => {
    if (endedBy !== undefined) return
    endedBy = reason
    groupEnded = endGroup(child.pid, reason.kind === 'timeout' ? 'SIGTERM' : reason.signal, options.graceMs ?? DEFAULT_GRACE_MS)
    void groupEnded.then(() => sleep(DRAIN_MS, undefined, { ref: false })).then(giveUp)
  }

  const { timeoutMs, signal } = options
  const timer = timeoutMs === undefined ? undefined : setTimeout(() => end({ kind: 'timeout', timeoutMs }), timeoutMs)
  const onAbort = (): void => end({ kind: 'abort', signal: 'SIGTERM' })
  signal?.addEventListener('abort', onAbort, { once: true })
  child.guard.watch({ pid: child.pid, onParentSignal: (received) => end({ kind: 'parent', signal: received }) })
  try {
    const result = await Promise.race([child.result, abandoned])
    await groupEnded
    return { result, endedBy }
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', onAbort)
  }
}
