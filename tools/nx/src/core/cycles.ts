import { byText, InterlockError } from '@interlock/kit'
import { groupBy } from './names.ts'
import type { NodeGraph } from './nodes.ts'

/** A dependency between two project directories. */
export interface DirectoryEdge {
  readonly source: string
  readonly target: string
  readonly file: string
  readonly dev: boolean
  readonly known: boolean
}

/**
 * The dependencies between directories, in which the dev-dependencies that would close a cycle stand apart: Cargo allows
 * them, a task graph does not. A cycle of other dependencies is an error.
 */
export function directoryEdges(nodes: NodeGraph): {
  readonly kept: readonly DirectoryEdge[]
  readonly dropped: readonly DirectoryEdge[]
} {
  const edges = merged(nodes)
  const needed = edges.filter((edge) => !edge.dev)
  const targets = new Map<string, Set<string>>()
  for (const edge of needed) connect(targets, edge)
  expectNoCycle(needed, targets)
  const suspects = new Set(cyclic(edges))
  const kept = edges.filter((edge) => !suspects.has(edge) || !edge.dev)
  for (const edge of kept) connect(targets, edge)
  const dropped: DirectoryEdge[] = []
  for (const edge of edges) {
    if (!edge.dev || !suspects.has(edge)) continue
    if (pathBetween(targets, edge.target, edge.source) !== undefined) dropped.push(edge)
    else {
      kept.push(edge)
      connect(targets, edge)
    }
  }
  return { kept: kept.sort(inOrder), dropped }
}

/** One edge per pair of directories; it is a dev edge only when every reason for it is. */
function merged(nodes: NodeGraph): DirectoryEdge[] {
  const all = [...nodes.values()].flatMap((node) =>
    node.edges
      .filter((edge) => edge.to.root !== node.root)
      .map((edge): DirectoryEdge => ({
        source: node.root,
        target: edge.to.root,
        file: node.manifest,
        dev: edge.kind === 'dev',
        known: edge.known,
      })),
  )
  return [...groupBy(all, (edge) => `${edge.source}\0${edge.target}`).values()]
    .flatMap((same) => same.find((edge) => !edge.dev) ?? same[0] ?? [])
    .sort(inOrder)
}

function inOrder(left: DirectoryEdge, right: DirectoryEdge): number {
  return byText(left.source, right.source) || byText(left.target, right.target)
}

function connect(targets: Map<string, Set<string>>, edge: DirectoryEdge): void {
  const known = targets.get(edge.source)
  if (known === undefined) targets.set(edge.source, new Set([edge.target]))
  else known.add(edge.target)
}

function expectNoCycle(edges: readonly DirectoryEdge[], targets: ReadonlyMap<string, ReadonlySet<string>>): void {
  for (const edge of cyclic(edges)) {
    // npm packages may need each other; that is between them and Nx.
    if (edge.known) continue
    const back = pathBetween(targets, edge.target, edge.source)
    if (back === undefined) continue
    throw new InterlockError('GRAPH_CYCLE', `projects depend on each other: ${[edge.source, ...back].join(' -> ')}`, {
      file: edge.file,
      hint: 'remove one of these dependencies, or make it a dev-dependency',
    })
  }
}

/** The edges inside a strongly connected component (Tarjan, without recursion). */
function cyclic(edges: readonly DirectoryEdge[]): DirectoryEdge[] {
  const targets = groupBy(edges, (edge) => edge.source)
  const index = new Map<string, number>()
  const low = new Map<string, number>()
  const component = new Map<string, number>()
  const stack: string[] = []
  let components = 0
  for (const start of targets.keys()) {
    if (index.has(start)) continue
    const work: { readonly node: string; next: number }[] = [{ node: start, next: 0 }]
    for (let frame = work.at(-1); frame !== undefined; frame = work.at(-1)) {
      const { node } = frame
      if (frame.next === 0) {
        index.set(node, index.size)
        low.set(node, index.get(node) ?? 0)
        stack.push(node)
      }
      const edge = targets.get(node)?.[frame.next]
      frame.next += 1
      if (edge !== undefined) {
        if (!index.has(edge.target)) work.push({ node: edge.target, next: 0 })
        else if (!component.has(edge.target)) lower(low, node, index.get(edge.target) ?? 0)
        continue
      }
      work.pop()
      const parent = work.at(-1)
      if (parent !== undefined) lower(low, parent.node, low.get(node) ?? 0)
      if (low.get(node) !== index.get(node)) continue
      for (let member = stack.pop(); member !== undefined; member = stack.pop()) {
        component.set(member, components)
        if (member === node) break
      }
      components += 1
    }
  }
  return edges.filter((edge) => component.get(edge.source) === component.get(edge.target))
}

function lower(low: Map<string, number>, node: string, value: number): void {
  low.set(node, Math.min(low.get(node) ?? value, value))
}

/** The directories on a way from one to another, both included. */
function pathBetween(targets: ReadonlyMap<string, ReadonlySet<string>>, from: string, to: string): readonly string[] | undefined {
  const cameFrom = new Map<string, string | undefined>([[from, undefined]])
  for (const node of cameFrom.keys()) {
    if (node === to) return way(cameFrom, to)
    for (const next of targets.get(node) ?? []) if (!cameFrom.has(next)) cameFrom.set(next, node)
  }
  return undefined
}

function way(cameFrom: ReadonlyMap<string, string | undefined>, to: string): string[] {
  const path: string[] = []
  for (let node: string | undefined = to; node !== undefined; node = cameFrom.get(node)) path.unshift(node)
  return path
}
