import { byText, emptyBits, membersOf, reach, sortedUnique, unite, type Bits } from '@interlock/kit'
import { packageLine } from './lock.ts'
import { resolveDependencies, type LockedWorkspace } from './locked.ts'
import type { Crate } from './model.ts'
import type { Patches } from './patches.ts'

/** What a member can reach in the lock. Sorted; members that reach the same share the arrays. */
export interface Reached {
  readonly packages: readonly string[]
  /** Lines of the root manifest that patch a package of these. */
  readonly patches: readonly string[]
  /** Whether the lock holds everything that the crate asks for. */
  readonly complete: boolean
}

/**
 * The lines of every locked package that a member can reach: through its own dependencies of all kinds, and through the
 * normal and build ones of the members that it reaches.
 *
 * `lockDigest` stands in the line of a dependency that the lock does not hold: then any change of the lock is a change.
 */
export function slicer(locked: LockedWorkspace, lockDigest: string, patches: Patches['byPackage']): (crate: Crate) => Reached {
  const { packages } = locked.lock
  const lines = packages.map(({ name }, index) => [...packageLines(index), ...(patches.get(name) ?? [])])
  const patchLines = new Set([...patches.values()].flat())
  const ranked = [...new Set(lines.flat())].sort(byText)
  const rank = new Map(ranked.map((line, index) => [line, index]))
  const next = packages.map((one, index) => {
    const crate = locked.crateAt(index)
    if (crate === undefined || !locked.isMember(crate)) return one.dependencies
    return resolveDependencies(locked, crate).flatMap((found, position) =>
      crate.dependencies[position]?.kind === 'dev' ? [] : found,
    )
  })
  const sets = reach(next, ranked.length, (index) => (lines[index] ?? []).map((line) => rank.get(line) ?? 0))
  const shared = new Map<string, Reached>()
  return (crate) => {
    const bits: Bits = emptyBits(ranked.length)
    const missing = new Set<string>()
    // The set of the crate's own entry has what its normal and build dependencies reach.
    const reached = sets[locked.entries.get(crate.root) ?? -1]
    if (reached !== undefined) unite(bits, reached)
    resolveDependencies(locked, crate).forEach((indices, position) => {
      const dependency = crate.dependencies[position]
      if (dependency === undefined || dependency.directory === crate.root) return
      if (indices.length === 0) missing.add(dependency.name)
      if (dependency.kind === 'dev') for (const index of indices) unite(bits, sets[index] ?? bits)
    })
    const found = linesOf(bits)
    if (missing.size === 0) return found
    const absent = [...missing].map((name) => `! ${name} is not in ${locked.file} ${lockDigest}`.replaceAll('\n', ' '))
    return {
      packages: [...absent, ...found.packages].sort(byText),
      patches: sortedUnique([...found.patches, ...[...missing].flatMap((name) => patches.get(name) ?? [])]),
      complete: false,
    }
  }

  function packageLines(index: number): string[] {
    const one = packages[index]
    return one === undefined || locked.crateAt(index) !== undefined ? [] : [packageLine(one)]
  }

  function linesOf(bits: Bits): Reached {
    const key = bits.join()
    const known = shared.get(key)
    if (known !== undefined) return known
    const all = membersOf(bits).map((index) => ranked[index] ?? '')
    const found =
      patchLines.size === 0
        ? { packages: all, patches: [], complete: true }
        : {
            packages: all.filter((line) => !patchLines.has(line)),
            patches: all.filter((line) => patchLines.has(line)),
            complete: true,
          }
    shared.set(key, found)
    return found
  }
}
