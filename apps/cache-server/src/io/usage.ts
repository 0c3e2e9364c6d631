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
