import { InterlockError, by, type ProjectEdge } from '@interlock/kit'
import { resolveDependency, type LockedWorkspace } from './locked.ts'
import type { Crate, DependencyKind } from './model.ts'
import { components, emptyBits, membersOf, reach, unite, type Bits } from './reach.ts'

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
  const induced = new Map<LockedWorkspace, InducedTargets | undefined>()
  return new Map(
    crates.map((crate) => {
      const kinds = new Map<string, DependencyKind>()
      const add = (root: string, kind: DependencyKind): void => {
        if (root === crate.root && kind === 'dev') return
        const before = kinds.get(root)
        if (before === undefined || STRENGTH[before] < STRENGTH[kind]) kinds.set(root, kind)
      }
      const locked = lockOf(crate)
      for (const dependency of crate.dependencies) {
        if (dependency.directory !== undefined && known.has(dependency.directory)) add(dependency.directory, dependency.kind)
        if (locked === undefined) continue
        if (!induced.has(locked)) induced.set(locked, inducedTargets(locked, numbers))
        for (const number of induced.get(locked)?.(crate, dependency) ?? []) {
          const target = crates[number]
          if (target !== undefined && target !== crate) add(target.root, dependency.kind)
        }
      }
      const edges = [...kinds].map(([root, kind]): ProjectEdge => ({ root, ecosystem: 'cargo', kind }))
      return [crate.root, edges.sort(by((edge) => edge.root))]
    }),
  )
}

type InducedTargets = (crate: Crate, dependency: Crate['dependencies'][number]) => readonly number[]

/** Crates that a dependency reaches through packages that are no members; `undefined` when the lock has no way back. */
function inducedTargets(locked: LockedWorkspace, numbers: ReadonlyMap<string, number>): InducedTargets | undefined {
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
        { size: packages.length, next: (index) => (isMemberAt(index) ? [] : (packages[index]?.dependencies ?? [])) },
        numbers.size,
        (index) =>
          crateAt[index] === undefined ? (packages[index]?.dependencies ?? []).flatMap((target) => numberAt(target)) : [],
      )
    : undefined
  return (crate, dependency) => {
    const targets = new Set<number>()
    for (const index of resolveDependency(locked, crate, dependency)) {
      if (dependency.path === undefined) for (const number of numberAt(index)) targets.add(number)
      const bits = sets?.[index]
      if (bits !== undefined) for (const number of membersOf(bits)) targets.add(number)
    }
    return [...targets]
  }

  function isMemberAt(index: number): boolean {
    const crate = crateAt[index]
    return crate !== undefined && locked.isMember(crate)
  }
}

/** Throws `GRAPH_CYCLE` with the chain when crates need each other to be built. A cycle that a dev-dependency closes is legal. */
export function checkCycles(crates: readonly Crate[], edges: CrateEdges): void {
  const numbers = new Map(crates.map((crate, index) => [crate.root, index]))
  const next = (node: number): number[] =>
    building(edges.get(crates[node]?.root ?? '') ?? []).flatMap((edge) => numbers.get(edge.root) ?? [])
  const cyclic = components({ size: crates.length, next }).filter(
    ([first = -1, ...rest]) => rest.length > 0 || next(first).includes(first),
  )
  const [cycle] = cyclic.map((nodes) => chain(nodes, next)).sort((left, right) => (left[0] ?? 0) - (right[0] ?? 0))
  if (cycle === undefined) return
  const names = cycle.map((node) => crates[node]?.package.name ?? '')
  throw new InterlockError('GRAPH_CYCLE', `crates need each other to be built: ${names.join(' -> ')}`, {
    file: crates[cycle[0] ?? 0]?.file,
    hint: 'move what they share into a crate of its own; only a dev-dependency may close a cycle',
  })
}

/** The shortest way from the lowest node of a component back to it. */
function chain(nodes: readonly number[], next: (node: number) => readonly number[]): number[] {
  const start = Math.min(...nodes)
  const inside = new Set(nodes)
  const queue: number[][] = [[start]]
  const seen = new Set<number>()
  for (const path of queue) {
    for (const target of next(path.at(-1) ?? start)) {
      if (target === start) return [...path, start]
      if (!inside.has(target) || seen.has(target)) continue
      seen.add(target)
      queue.push([...path, target])
    }
  }
  return [start, start]
}

function building(edges: readonly ProjectEdge[]): ProjectEdge[] {
  return edges.filter((edge) => edge.kind !== 'dev')
}

/** Who reaches whom: over a crate's own edges of all kinds, then over normal and build ones. */
export interface CrateGraph {
  /** The crates whose code a crate is built or tested with, without itself. */
  readonly reached: (crate: Crate) => readonly Crate[]
  /** For each crate a fresh set with the union of `own` over the crates that it reaches. */
  readonly reachOf: (width: number, own: (crate: Crate) => readonly number[]) => (crate: Crate) => Bits
}

export function crateGraph(crates: readonly Crate[], edges: CrateEdges): CrateGraph {
  const numbers = new Map(crates.map((crate, index) => [crate.root, index]))
  const targets = (found: readonly ProjectEdge[]): number[] => found.flatMap((edge) => numbers.get(edge.root) ?? [])
  const next = crates.map((crate) => targets(building(edges.get(crate.root) ?? [])))
  const reachOf: CrateGraph['reachOf'] = (width, own) => {
    const sets = reach({ size: crates.length, next: (node) => next[node] ?? [] }, width, (node) => {
      const crate = crates[node]
      return crate === undefined ? [] : own(crate)
    })
    return (crate) => {
      const bits = emptyBits(width)
      for (const target of targets(edges.get(crate.root) ?? [])) unite(bits, sets[target] ?? bits)
      return bits
    }
  }
  const reachedBits = reachOf(crates.length, (crate) => [numbers.get(crate.root) ?? 0])
  return {
    reached: (crate) =>
      membersOf(reachedBits(crate))
        .flatMap((node) => crates[node] ?? [])
        .filter((other) => other !== crate),
    reachOf,
  }
}
