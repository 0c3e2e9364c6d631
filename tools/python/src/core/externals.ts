import { by, createMemo, type ExternalPackage, sliceDigest, sortedUnique } from '@interlock/kit'
import type { LockGraph, LockNode } from './lock.ts'
import type { ProjectLock } from './locks.ts'

const memo = createMemo<readonly ExternalPackage[]>(4)
const numbers = new WeakMap<LockGraph, string>()
let next = 0

/** The locked packages of every lock in use, each once. */
export function externalsOf(locks: readonly ProjectLock[]): readonly ExternalPackage[] {
  const key = locks.map(({ graph }) => identify(graph)).join(' ')
  return memo(key, () => merge(locks.flatMap(({ graph }) => graphExternals(graph))))
}

/** Graphs are values that live in a cache: a number each is a shorter key than their content. */
function identify(graph: LockGraph): string {
  const known = numbers.get(graph) ?? String((next += 1))
  numbers.set(graph, known)
  return known
}

function graphExternals(graph: LockGraph): ExternalPackage[] {
  return graph.nodes.flatMap((node) => {
    const key = keyOf(node)
    if (key === undefined || node.version === undefined) return []
    const dependencies = node.edges.flatMap((index) => keyOf(graph.nodes[index]) ?? []).filter((other) => other !== key)
    return [{ key, name: node.name, version: node.version, checksum: node.checksum, dependencies: sortedUnique(dependencies) }]
  })
}

/** `python:name@version` of a package that is not of the workspace; an extra is part of its package. */
export function keyOf(node: LockNode | undefined): string | undefined {
  if (node?.version === undefined || node.line?.includes('==') !== true || /[[:]/.test(node.name)) return undefined
  return `python:${node.name}@${node.version}`
}

function merge(packages: readonly ExternalPackage[]): ExternalPackage[] {
  const byKey = new Map<string, ExternalPackage[]>()
  for (const item of packages) {
    const same = byKey.get(item.key)
    if (same === undefined) byKey.set(item.key, [item])
    else same.push(item)
  }
  const merged = [...byKey.values()].flatMap(([first, ...rest]) => {
    if (first === undefined) return []
    if (rest.length === 0) return [first]
    const sums = sortedUnique([first, ...rest].flatMap(({ checksum }) => checksum ?? []))
    const checksum = sums.length > 1 ? `slice:${sliceDigest(sums)}` : sums[0]
    return [{ ...first, checksum, dependencies: sortedUnique([first, ...rest].flatMap((item) => item.dependencies)) }]
  })
  return merged.sort(by((item) => item.key))
}
