import type { Parts } from './parts.ts'
import { sweep } from './sweep.ts'

/** What the store does by itself from time to time. */
export interface Upkeep {
  /** Ends it, and writes the times of last use. */
  readonly stop: () => Promise<void>
}

export function startUpkeep(parts: Parts): Upkeep {
  const { timing, uses, onEvent } = parts
  let isStopping = false
  let running: Promise<unknown> | undefined
  /** What comes while something is done waits for its next turn: a slow bucket makes no queue. */
  const run = (work: () => Promise<unknown>): void => {
    running ??= work()
      .catch((error: unknown) => {
        onEvent({ kind: 'upkeep-failed', reason: error instanceof Error ? error.message : String(error) })
      })
      .finally(() => (running = undefined))
  }
  const sweepAndTell = async (): Promise<void> => {
    const swept = await sweep(parts, () => isStopping)
    if (swept === undefined) return
    if (swept.orphans > 0) onEvent({ kind: 'orphans-removed', count: swept.orphans })
    if (swept.ghosts > 0) onEvent({ kind: 'ghosts-dropped', count: swept.ghosts })
  }
  const timers = [
    setInterval(() => run(async () => uses.flush()), timing.flushEvery).unref(),
    setInterval(() => run(sweepAndTell), timing.askEvery).unref(),
  ]
  return {
    stop: async () => {
      isStopping = true
      for (const timer of timers) clearInterval(timer)
      await running
      run(async () => uses.flush())
      await running
    },
  }
}
