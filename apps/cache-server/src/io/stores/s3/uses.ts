import { mapLimited } from './limit.ts'
import type { Timing } from './timing.ts'

/** Notes when entries were last used, without a write for each read. */
export interface Uses {
  /** `since` is a time at which the entry is known to have been used. */
  readonly note: (folder: string, since: number) => void
  /** Writes what is noted; what cannot be written is forgotten: a use that is not known makes an entry go earlier. */
  readonly flush: () => Promise<void>
}

export interface UsesOptions {
  readonly write: (folder: string) => Promise<unknown>
  readonly now: () => number
  readonly timing: Timing
}

/** What is remembered or waits at once. Beyond it a use is written twice, or not at all. */
const MOST = 20_000
const AT_ONCE = 8

export function createUses({ write, now, timing }: UsesOptions): Uses {
  const noted = new Map<string, number>()
  let waiting = new Set<string>()

  return {
    note: (folder, since) => {
      const last = Math.max(since, noted.get(folder) ?? 0)
      if (now() - last < timing.usedEvery || waiting.size >= MOST) return
      if (noted.size >= MOST) noted.clear()
      noted.set(folder, now())
      waiting.add(folder)
    },
    flush: async () => {
      const batch = [...waiting]
      waiting = new Set()
      await mapLimited(batch, AT_ONCE, async (folder) => write(folder).catch(() => noted.delete(folder)))
    },
  }
}
