import type { Logger } from 'pino'
import type { ScopeClass } from '../core/entry.ts'
import type { ClassUsage, Usage } from '../core/http/reports.ts'
import { scopeClassOf } from '../core/scope.ts'
import type { Store } from './store.ts'

/** What is stored, by class of scope, as of the last count. */
export async function countUsage(store: Pick<Store, 'entries'>, now: number): Promise<Usage> {
  const classes: Record<ScopeClass, ClassUsage> = { branch: NOTHING, pr: NOTHING, queue: NOTHING, trusted: NOTHING }
  for await (const { scope, size } of store.entries()) {
    const scopeClass = scopeClassOf(scope)
    if (scopeClass === undefined) continue
    const { entries, bytes } = classes[scopeClass]
    classes[scopeClass] = { entries: entries + 1, bytes: bytes + size }
  }
  return { counted: now, classes }
}

const NOTHING: ClassUsage = { entries: 0, bytes: 0 }

export interface WatchedUsage {
  /** Absent before the first count. */
  readonly current: () => Usage | undefined
  readonly stop: () => void
}

/** Counts now, and again a while after each count has ended. A count that fails leaves the last one. */
export function watchUsage(
  store: Pick<Store, 'entries'>,
  { now, every, log }: { readonly now: () => number; readonly every: number; readonly log: Pick<Logger, 'warn'> },
): WatchedUsage {
  let current: Usage | undefined
  let timer: NodeJS.Timeout | undefined
  let isStopped = false
  const count = async (): Promise<void> => {
    try {
      current = await countUsage(store, now())
    } catch (error) {
      log.warn({ message: error instanceof Error ? error.message : String(error) }, 'what is stored could not be counted')
    }
    if (!isStopped) timer = setTimeout(() => void count(), every).unref()
  }
  void count()
  return {
    current: () => current,
    stop: () => {
      isStopped = true
      clearTimeout(timer)
    },
  }
}
