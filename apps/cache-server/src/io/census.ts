import type { Logger } from 'pino'
import type { Divergence } from '../core/divergence/divergence.ts'
import { createDivergenceWatch, type DivergenceWatch } from '../core/divergence/watch.ts'
import type { Entry } from '../core/entry.ts'
import type { ClassUsage, Usage } from '../core/http/reports.ts'
import { keyText } from '../core/key.ts'
import { scopeClassOf } from '../core/scope.ts'
import type { Store } from './store.ts'

/** Looks at every row from time to time, because other replicas write rows too. */
export interface Census {
  /** What is stored: as last counted, and what this server changed since. Absent before the first count. */
  readonly usage: () => Usage | undefined
  /** Compares a new row with what is known, and counts it, at once. */
  readonly published: (entry: Entry) => void
  /** Counts no more what this server took away. */
  readonly removed: (entries: readonly Entry[]) => void
  /** Those of a workspace, as the rows are now. */
  readonly divergences: (workspace: string) => Promise<readonly Divergence[]>
  readonly close: () => void
}

export interface CensusOptions {
  readonly store: Pick<Store, 'entries'>
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Milliseconds between two counts. */
  readonly every: number
  readonly log: Pick<Logger, 'warn'>
  /** Told once about each divergence, for as long as its contents stay the same. */
  readonly onDivergence: (divergence: Divergence) => void
}

/** Begins with a count that nobody waits for. A count that fails leaves what the last one found. */
export function openCensus({ store, now, every, log, onDivergence }: CensusOptions): Census {
  let usage: Usage | undefined
  let watch = createDivergenceWatch()
  let timer: NodeJS.Timeout | undefined
  let isClosed = false
  const reported = new Set<string>()

  const report = (divergence: Divergence | undefined): void => {
    if (divergence === undefined || reported.has(textOf(divergence))) return
    reported.add(textOf(divergence))
    onDivergence(divergence)
  }
  /** What was published while a count runs and was not seen by it. */
  const arriving = new Map<string, Entry>()
  const count = async (): Promise<void> => {
    arriving.clear()
    try {
      const before = [...reported]
      const found = await look(store, now(), (entry) => arriving.delete(keyText(entry)))
      usage = [...arriving.values()].reduce((sum, entry) => changed(sum, entry, 1), found.usage)
      watch = found.watch
      const present = new Set(found.divergences.map(textOf))
      for (const text of before) if (!present.has(text)) reported.delete(text)
      for (const divergence of found.divergences) report(divergence)
    } catch (error) {
      log.warn({ message: error instanceof Error ? error.message : String(error) }, 'what is stored could not be counted')
    }
    if (!isClosed) timer = setTimeout(() => void count(), every).unref()
  }
  void count()
  return {
    usage: () => usage,
    published: (entry) => {
      report(watch.add(entry))
      arriving.set(keyText(entry), entry)
      if (usage !== undefined) usage = changed(usage, entry, 1)
    },
    removed: (entries) => {
      for (const entry of entries) {
        arriving.delete(keyText(entry))
        if (usage !== undefined) usage = changed(usage, entry, -1)
      }
    },
    divergences: async (workspace) => (await look(store, now())).watch.list(workspace),
    close: () => {
      isClosed = true
      clearTimeout(timer)
    },
  }
}

function textOf({ workspace, tool, hash, scopes }: Divergence): string {
  return JSON.stringify([workspace, tool, hash, scopes.map(({ content }) => content)])
}

interface Look {
  readonly usage: Usage
  readonly watch: DivergenceWatch
  readonly divergences: readonly Divergence[]
}

async function look(store: Pick<Store, 'entries'>, now: number, onSeen?: (entry: Entry) => void): Promise<Look> {
  let usage: Usage = { counted: now, classes: { branch: NOTHING, pr: NOTHING, queue: NOTHING, trusted: NOTHING } }
  const watch = createDivergenceWatch()
  const divergences = new Map<string, Divergence>()
  for await (const entry of store.entries()) {
    if (scopeClassOf(entry.scope) === undefined) continue
    onSeen?.(entry)
    usage = changed(usage, entry, 1)
    const divergence = watch.add(entry)
    if (divergence !== undefined) divergences.set(JSON.stringify([entry.workspace, entry.tool, entry.hash]), divergence)
  }
  return { usage, watch, divergences: [...divergences.values()] }
}

/** With one entry more, or one less. */
function changed(usage: Usage, { scope, size }: Entry, by: -1 | 1): Usage {
  const scopeClass = scopeClassOf(scope)
  if (scopeClass === undefined) return usage
  const { entries, bytes } = usage.classes[scopeClass]
  const count = { entries: Math.max(0, entries + by), bytes: Math.max(0, bytes + by * size) }
  return { ...usage, classes: { ...usage.classes, [scopeClass]: count } }
}

const NOTHING: ClassUsage = { entries: 0, bytes: 0 }
