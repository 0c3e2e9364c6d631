import { by, byText, sliceDigest } from '@interlock/kit'
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
  /** Node numbers in the order of their lines. */
  readonly order: readonly number[]
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
  readonly lines: readonly string[]
  /** Whether a member that the lock does not name makes the lock incomplete. */
  readonly namesMembers: boolean
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
  readonly finish: (rest: Omit<LockGraph, 'nodes' | 'order' | 'byName' | 'testPlugins'>) => LockGraph
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
      byName.set(draft.name, [...(byName.get(draft.name) ?? []), index])
      return index
    },
    connect: (from, to) => {
      for (const index of to) edges[from]?.add(index)
    },
    named: (name) => byName.get(name) ?? [],
    finish: (rest) => {
      const nodes = drafts.map((draft, index) => ({ ...draft, edges: [...(edges[index] ?? [])] }))
      const lined = nodes.map((node, index) => ({ index, line: node.line ?? '' })).filter((node) => node.line !== '')
      const testPlugins = [...byName].flatMap(([name, found]) => (name === 'pytest' || name.startsWith('pytest-') ? found : []))
      return { nodes, testPlugins, order: lined.sort(by((node) => node.line)).map((node) => node.index), byName, ...rest }
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

/** Every node that can be reached, marked. */
export function reach(graph: LockGraph, starts: Iterable<number>): Uint8Array {
  const seen = new Uint8Array(graph.nodes.length)
  const open = [...starts]
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    if (seen[index] === 1) continue
    seen[index] = 1
    for (const next of graph.nodes[index]?.edges ?? []) if (seen[next] === 0) open.push(next)
  }
  return seen
}

/** The lines of marked nodes, sorted and unique. */
export function linesOf(graph: LockGraph, seen: Uint8Array): string[] {
  const lines: string[] = []
  for (const index of graph.order) {
    const line = seen[index] === 1 ? graph.nodes[index]?.line : undefined
    if (line !== undefined && line !== lines.at(-1)) lines.push(line)
  }
  return lines
}

/** Nodes that a requirement `name[extras]` reaches. */
export function nodesFor(graph: LockGraph, name: string, extras: readonly string[]): number[] {
  const base = graph.byName.get(name) ?? []
  return [...base, ...extras.flatMap((extra) => graph.byName.get(`${name}[${normalizeName(extra)}]`) ?? [])]
}
