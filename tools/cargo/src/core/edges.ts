import {
  InterlockError,
  by,
  components,
  emptyBits,
  membersOf,
  reach,
  unite,
  type Bits,
  type Digraph,
  type ProjectEdge,
} from '@interlock/kit'
import { resolveDependencies, type LockedWorkspace } from './locked.ts'
import type { Crate, DependencyKind } from './model.ts'

const STRENGTH: Readonly<Record<DependencyKind, number>> = { normal: 2, build: 1, dev: 0 }

export type CrateEdges = ReadonlyMap<string, readonly ProjectEdge[]>

/**
 * The edges of the crates: paths as declared, and through the lock wherever an external package leads back into the
 * repository (`[patch]`, `[replace]`). One edge per target, of the strongest kind; none to itself by a dev-dependency.
 */
export function edgesOf(
  crates: readonly Crate[],
  known: ReadonlyMap<string, Crate>,
  lockOf: (crate: Crate) => LockedWorkspace | undefined,
): CrateEdges {
  const numbers = new Map(crates.map((crate, index) => [crate.root, index]))
  const induced = new Map<LockedWorkspace, InducedTargets>()
  return new Map(
    crates.map((crate) => {
      const kinds = new Map<string, DependencyKind>()
      const add = (root: string, kind: DependencyKind): void => {
        if (root === crate.root && kind === 'dev') return
        const before = kinds.get(root)
        if (before === undefined || STRENGTH[before] < STRENGTH[kind]) kinds.set(root, kind)
      }
      const locked = lockOf(crate)
      for (const { directory, kind } of crate.dependencies)
        if (directory !== undefined && known.has(directory)) add(directory, kind)
      if (locked !== undefined) {
        const targetsOf = induced.get(locked) ?? inducedTargets(locked, numbers)
        induced.set(locked, targetsOf)
        resolveDependencies(locked, crate).forEach((indices, position) => {
          const dependency = crate.dependencies[position]
          if (dependency === undefined) return
          for (const number of targetsOf(indices, dependency.path !== undefined)) {
            const target = crates[number]
            if (target !== undefined && target !== crate) add(target.root, dependency.kind)
          }
        })
      }
      const edges = [...kinds].map(([root, kind]): ProjectEdge => ({ root, ecosystem: 'cargo', kind }))
      return [crate.root, edges.sort(by((edge) => edge.root))]
    }),
  )
}

/** The crates that the entries of a dependency lead to; those that it names by path are known without a lock. */
type InducedTargets = (indices: readonly number[], byPath: boolean) => Iterable<number>

/** Crates that dependencies reach through packages that are no members. */
function inducedTargets(locked: LockedWorkspace, numbers: ReadonlyMap<string, number>): InducedTargets {
  const { packages } = locked.lock
  const crateAt = packages.map((_, index) => locked.crateAt(index))
  const numberAt = (index: number): readonly number[] => {
    const crate = crateAt[index]
    return crate === undefined ? [] : [numbers.get(crate.root) ?? -1].filter((number) => number >= 0)
  }
  const wayBack = packages.some(
    (one, index) => crateAt[index] === undefined && one.dependencies.some((target) => crateAt[target] !== undefined),
  )
  const sets = wayBack
    ? reach(
        packages.map((one, index) => (isMemberAt(index) ? [] : one.dependencies)),
        numbers.size,
        (index) =>
          crateAt[index] === undefined ? (packages[index]?.dependencies ?? []).flatMap((target) => numberAt(target)) : [],
      )
    : undefined
  return (indices, byPath) => {
    const targets = new Set<number>()
    for (const index of indices) {
      if (!byPath && crateAt[index] !== undefined) for (const number of numberAt(index)) targets.add(number)
      const bits = sets?.[index]
      if (bits !== undefined) for (const number of membersOf(bits)) targets.add(number)
    }
    return targets
  }

  function isMemberAt(index: number): boolean {
    const crate = crateAt[index]
    return crate !== undefined && locked.isMember(crate)
  }
}

/** Throws `GRAPH_CYCLE` with the chain when crates need each other to be built. A cycle that a dev-dependency closes is legal. */
export function checkCycles(crates: readonly Crate[], { builds }: CrateGraph): void {
  const cyclic = components(builds).filter(([first = -1, ...rest]) => rest.length > 0 || builds[first]?.includes(first) === true)
  const [cycle] = cyclic.map((nodes) => chain(nodes, builds)).sort((left, right) => (left[0] ?? 0) - (right[0] ?? 0))
  if (cycle === undefined) return
  const names = cycle.map((node) => crates[node]?.package.name ?? '')
  throw new InterlockError('GRAPH_CYCLE', `crates need each other to be built: ${names.join(' -> ')}`, {
    file: crates[cycle[0] ?? 0]?.file,
    hint: 'move what they share into a crate of its own; only a dev-dependency may close a cycle',
  })
}

/** The shortest way from the lowest node of a component back to it. */
function chain(nodes: readonly number[], graph: Digraph): number[] {
  const start = Math.min(...nodes)
  const inside = new Set(nodes)
  const queue: number[][] = [[start]]
  const seen = new Set<number>()
  for (const path of queue) {
    for (const target of graph[path.at(-1) ?? start] ?? []) {
      if (target === start) return [...path, start]
      if (!inside.has(target) || seen.has(target)) continue
      seen.add(target)
      queue.push([...path, target])
    }
  }
  return [start, start]
}

/** Who reaches whom: over a crate's own edges of all kinds, then over normal and build ones. */
export interface CrateGraph {
  /** By number of a crate, those of its normal and build dependencies. */
  readonly builds: Digraph
  /** The crates whose code a crate is built or tested with, without itself. */
  readonly reached: (crate: Crate) => readonly Crate[]
  /** For each crate a fresh set with the union of `own` over the crates that it reaches. */
  readonly reachOf: (width: number, own: (crate: Crate) => readonly number[]) => (crate: Crate) => Bits
}

export function crateGraph(crates: readonly Crate[], edges: CrateEdges): CrateGraph {
  const numbers = new Map(crates.map((crate, index) => [crate.root, index]))
  const numbersOf = (found: readonly ProjectEdge[]): number[] => found.flatMap((edge) => numbers.get(edge.root) ?? [])
  const all = new Map(crates.map((crate) => [crate, numbersOf(edges.get(crate.root) ?? [])]))
  const builds = crates.map((crate) => numbersOf((edges.get(crate.root) ?? []).filter((edge) => edge.kind !== 'dev')))
  const reachOf: CrateGraph['reachOf'] = (width, own) => {
    const sets = reach(builds, width, (node) => {
      const crate = crates[node]
      return crate === undefined ? [] : own(crate)
    })
    return (crate) => {
      const bits = emptyBits(width)
      for (const target of all.get(crate) ?? []) unite(bits, sets[target] ?? bits)
      return bits
    }
  }
  let reachedBits: ((crate: Crate) => Bits) | undefined
  return {
    builds,
    reached: (crate) => {
      reachedBits ??= reachOf(crates.length, (one) => [numbers.get(one.root) ?? 0])
      return membersOf(reachedBits(crate))
        .flatMap((node) => crates[node] ?? [])
        .filter((other) => other !== crate)
    },
    reachOf,
  }
}
