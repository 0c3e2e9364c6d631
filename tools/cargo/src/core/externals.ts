import { by, sortedUnique, type ExternalPackage } from '@interlock/kit'
import { resolveDependencies, type LockedWorkspace } from './locked.ts'
import type { LockedPackage } from './lock.ts'
import type { Crate } from './model.ts'

/** Key of a locked package among the external nodes; `undefined` for a path. */
export function externalKey({ name, version, source }: LockedPackage): string | undefined {
  return source === undefined ? undefined : `cargo:${name}@${version}`
}

/** The external packages of all locks. The same version from several sources or locks is one node with all that it needs. */
export function externalsOf(locks: readonly LockedWorkspace[]): ExternalPackage[] {
  const nodes = new Map<string, { name: string; version: string; checksums: string[]; dependencies: string[] }>()
  for (const { lock } of locks) {
    for (const one of lock.packages) {
      const key = externalKey(one)
      if (key === undefined) continue
      const node = nodes.get(key) ?? { name: one.name, version: one.version, checksums: [], dependencies: [] }
      const revision = one.source?.startsWith('git+') === true ? one.source.slice(one.source.lastIndexOf('#') + 1) : undefined
      node.checksums.push(...[one.checksum ?? revision ?? []].flat())
      for (const index of one.dependencies) {
        const target = lock.packages[index]
        const other = target === undefined ? undefined : externalKey(target)
        if (other !== undefined) node.dependencies.push(other)
      }
      nodes.set(key, node)
    }
  }
  const found = [...nodes].map(([key, { name, version, checksums, dependencies }]) => {
    const checksum = sortedUnique(checksums).join('+')
    return { key, name, version, checksum: checksum === '' ? undefined : checksum, dependencies: sortedUnique(dependencies) }
  })
  return found.sort(by((one) => one.key))
}

/** Keys of the packages that a crate's manifest names itself. */
export function ownExternals(crate: Crate, locked: LockedWorkspace | undefined): string[] {
  if (locked === undefined) return []
  const keys: string[] = []
  for (const indices of resolveDependencies(locked, crate)) {
    for (const index of indices) {
      const key = externalKey(locked.lock.packages[index] as LockedPackage)
      if (key !== undefined) keys.push(key)
    }
  }
  return sortedUnique(keys)
}
