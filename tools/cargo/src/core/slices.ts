import { byText } from '@interlock/kit'
import { packageLine } from './lock.ts'
import { resolveDependency, type LockedWorkspace } from './locked.ts'
import type { Crate } from './model.ts'
import { emptyBits, membersOf, reach, unite, type Bits } from './reach.ts'

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
    return crate.dependencies
      .filter(({ kind }) => kind !== 'dev')
      .flatMap((dependency) => resolveDependency(locked, crate, dependency))
  })
  const sets = reach({ size: packages.length, next: (index) => next[index] ?? [] }, ranked.length, (index) => {
    const line = lines[index]
    return line === undefined ? [] : [rank.get(line) ?? 0]
  })
  const shared = new Map<string, readonly string[]>()
  return (crate) => {
    const bits: Bits = emptyBits(ranked.length)
    const missing = new Set<string>()
    for (const dependency of crate.dependencies) {
      if (dependency.directory === crate.root) continue
      const found = resolveDependency(locked, crate, dependency)
      if (found.length === 0) missing.add(`! ${dependency.name} is not in ${locked.file} ${lockDigest}`.replaceAll('\n', ' '))
      for (const index of found) unite(bits, sets[index] ?? emptyBits(ranked.length))
    }
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
