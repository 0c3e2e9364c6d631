import type { ScopeClass } from '../entry.ts'

/** Whose bytes they are. Scopes of one name in two workspaces are two. */
export interface Owner {
  readonly scopeClass: ScopeClass
  readonly workspace: string
  readonly scope: string
}

/** Bytes by class and by scope. */
export interface Totals {
  readonly total: () => number
  readonly ofClass: (scopeClass: ScopeClass) => number
  readonly ofScope: (owner: Owner) => number
}

/** Totals that change. */
export interface Usage extends Totals {
  /** Adds bytes of an owner; a negative number takes them away. */
  readonly add: (owner: Owner, bytes: number) => void
  readonly copy: () => Usage
  readonly reset: () => void
}

export function createUsage(from?: {
  readonly classes: ReadonlyMap<ScopeClass, number>
  readonly scopes: ReadonlyMap<string, number>
}): Usage {
  const classes = new Map(from?.classes)
  const scopes = new Map(from?.scopes)
  let total = [...classes.values()].reduce((sum, bytes) => sum + bytes, 0)
  return {
    total: () => total,
    ofClass: (scopeClass) => classes.get(scopeClass) ?? 0,
    ofScope: (owner) => scopes.get(scopeText(owner)) ?? 0,
    add: (owner, bytes) => {
      total += bytes
      change(classes, owner.scopeClass, bytes)
      change(scopes, scopeText(owner), bytes)
    },
    reset: () => {
      total = 0
      classes.clear()
      scopes.clear()
    },
    copy: () => createUsage({ classes, scopes }),
  }
}

/** Both together, now and later. */
export function sumOf(left: Totals, right: Totals): Totals {
  return {
    total: () => left.total() + right.total(),
    ofClass: (scopeClass) => left.ofClass(scopeClass) + right.ofClass(scopeClass),
    ofScope: (owner) => left.ofScope(owner) + right.ofScope(owner),
  }
}

/** One text for a scope of a workspace, different for different ones. */
export function scopeText({ workspace, scope }: Owner): string {
  return `${workspace.length} ${workspace}${scope}`
}

function change<Key>(map: Map<Key, number>, key: Key, bytes: number): void {
  const next = (map.get(key) ?? 0) + bytes
  if (next === 0) map.delete(key)
  else map.set(key, next)
}
