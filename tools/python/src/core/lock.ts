import { type Bits, by, byText, emptyBits, hasBit, membersOf, reach, sliceDigest, unite } from '@interlock/kit'
import type { Limit } from './limits.ts'
import { normalizeName } from './names.ts'

/** A package, an extra of a package or a group of a package in a lock file. */
export interface LockNode {
  readonly name: string
  readonly version: string | undefined
  /** What a slice that reaches the node says of it; `undefined` when the node is only a way to others. */
  readonly line: string | undefined
  readonly checksum: string | undefined
  readonly edges: readonly number[]
}

/** Any lock file, as a graph. */
export interface LockGraph {
  readonly nodes: readonly LockNode[]
  /** The lines of the nodes, sorted. */
  readonly lines: readonly string[]
  /** A node's place among the lines; a node without one comes after all of them. */
  readonly ranks: readonly number[]
  /** By node, the ranks of every node that it reaches, itself included. */
  readonly reached: readonly Bits[]
  readonly byName: ReadonlyMap<string, readonly number[]>
  /** pytest and what it loads by itself from the environment. */
  readonly testPlugins: readonly number[]
  /** Where the slice of a package of the workspace begins, by normalised name. */
  readonly starts: ReadonlyMap<string, readonly number[]>
  /** Local packages of the lock: directory relative to the lock file → normalised name. */
  readonly directories: ReadonlyMap<string, string>
  /** Nodes that belong to every project of the lock, because nothing says whose they are. */
  readonly everyone: readonly number[]
  /** Lines that belong to every project of the lock. */
  readonly shared: readonly string[]
  /** Lines that belong to whoever holds the package that they name. */
  readonly limits: readonly Limit[]
}

export interface NodeDraft {
  readonly name: string
  readonly version: string | undefined
  readonly line: string | undefined
  readonly checksum: string | undefined
}

export interface GraphBuilder {
  readonly add: (draft: NodeDraft) => number
  readonly connect: (from: number, to: Iterable<number>) => void
  readonly named: (name: string) => readonly number[]
  readonly finish: (rest: Omit<LockGraph, 'nodes' | 'lines' | 'ranks' | 'reached' | 'byName' | 'testPlugins'>) => LockGraph
}

/** Collects nodes by number. `add` makes a node findable by its normalised name; a name like `x[extra]` is one of its own. */
export function createGraphBuilder(): GraphBuilder {
  const drafts: NodeDraft[] = []
  const edges: Set<number>[] = []
  const byName = new Map<string, number[]>()
  return {
    add: (draft) => {
      const index = drafts.push(draft) - 1
      edges.push(new Set())
      const known = byName.get(draft.name)
      if (known === undefined) byName.set(draft.name, [index])
      else known.push(index)
      return index
    },
    connect: (from, to) => {
      for (const index of to) edges[from]?.add(index)
    },
    named: (name) => byName.get(name) ?? [],
    finish: (rest) => {
      const nodes = drafts.map((draft, index) => ({ ...draft, edges: [...(edges[index] ?? [])] }))
      const order = nodes.map((node, index) => ({ line: node.line ?? '', index }))
      const lined = order.filter(({ line }) => line !== '').sort(by(({ line }) => line))
      const ranks: number[] = []
      ;[...lined, ...order.filter(({ line }) => line === '')].forEach(({ index }, rank) => (ranks[index] = rank))
      const targets = nodes.map((node) => node.edges)
      const reached = reach(targets, nodes.length, (node) => [ranks[node] ?? 0])
      const testPlugins = [...byName].flatMap(([name, found]) => (name === 'pytest' || name.startsWith('pytest-') ? found : []))
      return { nodes, lines: lined.map(({ line }) => line), ranks, reached, byName, testPlugins, ...rest }
    },
  }
}

/** `name==version digest ; markers`: no address, so that a mirror moves no slice. */
export function lockLine(parts: { name: string; version: string; digest: string; markers?: string }): string {
  const end = parts.markers === undefined || parts.markers === '' ? '' : ` ; ${parts.markers}`
  return `${parts.name}==${parts.version} ${parts.digest}${end}`.replace(/[\r\n]+/g, ' ')
}

/** Half of a slice digest over hashes and whatever else decides what is installed. */
export function shortDigest(texts: Iterable<string>): string {
  return sliceDigest([...texts].map((text) => text.replace(/[\r\n]+/g, ' '))).slice(0, 16)
}

/** The one hash of a package, or a digest of all of them. */
export function checksumOf(hashes: readonly string[]): string | undefined {
  if (hashes.length <= 1) return hashes[0]
  return `slice:${sliceDigest([...hashes].sort(byText))}`
}

/** The ranks of every node that can be reached. */
export function reachedFrom(graph: LockGraph, starts: Iterable<number>): Bits {
  const bits = emptyBits(graph.nodes.length)
  for (const node of starts) unite(bits, graph.reached[node] ?? bits)
  return bits
}

export function holdsNode({ ranks }: LockGraph, bits: Bits, node: number): boolean {
  return hasBit(bits, ranks[node] ?? -1)
}

/** The lines of reached nodes, sorted and unique. */
export function linesOf({ lines }: LockGraph, bits: Bits): string[] {
  const found: string[] = []
  for (const rank of membersOf(bits)) {
    const line = lines[rank]
    if (line !== undefined && line !== found.at(-1)) found.push(line)
  }
  return found
}

/** Nodes that a requirement `name[extras]` reaches. */
export function nodesFor(graph: LockGraph, name: string, extras: readonly string[]): number[] {
  const base = graph.byName.get(name) ?? []
  return [...base, ...extras.flatMap((extra) => graph.byName.get(`${name}[${normalizeName(extra)}]`) ?? [])]
}
