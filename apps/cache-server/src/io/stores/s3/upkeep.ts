import type { Parts } from './parts.ts'
import { sweep } from './sweep.ts'

/** What the store does by itself from time to time. */
export interface Upkeep {
  /** Ends it, and writes the times of last use. */
  readonly stop: () => Promise<void>
}

/** A replica asks so many times as often as a sweep is due, so that one is done when the others are gone. */
const ASKS = 4

export function startUpkeep(parts: Parts): Upkeep {
  const { timing, uses, onEvent } = parts
  let running: Promise<unknown> = Promise.resolve()
  const run = (work: () => Promise<unknown>): void => {
    running = running.then(work).catch((error: unknown) => {
      onEvent({ kind: 'upkeep-failed', reason: error instanceof Error ? error.message : String(error) })
    })
  }
  const sweepAndTell = async (): Promise<void> => {
    const swept = await sweep(parts)
    if (swept === undefined) return
    if (swept.orphans > 0) onEvent({ kind: 'orphans-removed', count: swept.orphans })
    if (swept.ghosts > 0) onEvent({ kind: 'ghosts-dropped', count: swept.ghosts })
  }
  const timers = [
    setInterval(() => run(async () => uses.flush()), timing.flushEvery).unref(),
    setInterval(() => run(sweepAndTell), timing.sweepEvery / ASKS).unref(),
  ]
  return {
    stop: async () => {
      for (const timer of timers) clearInterval(timer)
      run(async () => uses.flush())
      await running
    },
  }
}
