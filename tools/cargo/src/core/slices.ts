import { byText, emptyBits, membersOf, reach, unite, type Bits } from '@interlock/kit'
import { packageLine } from './lock.ts'
import { resolveDependencies, type LockedWorkspace } from './locked.ts'
import type { Crate } from './model.ts'

/**
 * The lines of every locked package that a member can reach: through its own dependencies of all kinds, and through the
 * normal and build ones of the members that it reaches. Members with the same packages share one array.
 *
 * `lockDigest` stands in the line of a dependency that the lock does not hold: then any change of the lock is a change.
 */
export function slicer(locked: LockedWorkspace, lockDigest: string): (crate: Crate) => readonly string[] {
  const { packages } = locked.lock
  const lines = packages.map((one, index) => (locked.crateAt(index) === undefined ? packageLine(one) : undefined))
  const ranked = [...new Set(lines.filter((line) => line !== undefined))].sort(byText)
  const rank = new Map(ranked.map((line, index) => [line, index]))
  const next = packages.map((one, index) => {
    const crate = locked.crateAt(index)
    if (crate === undefined || !locked.isMember(crate)) return one.dependencies
    return resolveDependencies(locked, crate).flatMap((found, position) =>
      crate.dependencies[position]?.kind === 'dev' ? [] : found,
    )
  })
  const sets = reach(next, ranked.length, (index) => {
    const line = lines[index]
    return line === undefined ? [] : [rank.get(line) ?? 0]
  })
  const shared = new Map<string, readonly string[]>()
  return (crate) => {
    const bits: Bits = emptyBits(ranked.length)
    const missing = new Set<string>()
    // The set of the crate's own entry has what its normal and build dependencies reach.
    const reached = sets[locked.entries.get(crate.root) ?? -1]
    if (reached !== undefined) unite(bits, reached)
    resolveDependencies(locked, crate).forEach((indices, position) => {
      const dependency = crate.dependencies[position]
      if (dependency === undefined || dependency.directory === crate.root) return
      if (indices.length === 0) missing.add(`! ${dependency.name} is not in ${locked.file} ${lockDigest}`.replaceAll('\n', ' '))
      if (dependency.kind === 'dev') for (const index of indices) unite(bits, sets[index] ?? bits)
    })
    const found = linesOf(bits)
    return missing.size === 0 ? found : [...missing, ...found].sort(byText)
  }

  function linesOf(bits: Bits): readonly string[] {
    const key = bits.join()
    const known = shared.get(key) ?? membersOf(bits).map((index) => ranked[index] ?? '')
    shared.set(key, known)
    return known
  }
}
