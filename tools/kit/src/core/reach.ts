/** A directed graph over the nodes `0 … length - 1`: the targets of each. */
export type Digraph = readonly (readonly number[])[]

/** A set of small numbers, made for a width that no number reaches. */
export type Bits = Uint32Array

export function emptyBits(size: number): Bits {
  return new Uint32Array((size + 31) >>> 5)
}

export function addBit(bits: Bits, index: number): void {
  bits[index >>> 5] = (bits[index >>> 5] ?? 0) | (1 << (index & 31))
}

export function hasBit(bits: Bits, index: number): boolean {
  return ((bits[index >>> 5] ?? 0) & (1 << (index & 31))) !== 0
}

export function unite(into: Bits, from: Bits): void {
  for (let word = 0; word < into.length; word += 1) into[word] = (into[word] ?? 0) | (from[word] ?? 0)
}

/** The numbers of a set, ascending. */
export function membersOf(bits: Bits): number[] {
  const found: number[] = []
  for (let index = 0; index < bits.length; index += 1) {
    for (let rest = bits[index] ?? 0; rest !== 0; rest &= rest - 1) found.push((index << 5) + 31 - Math.clz32(rest & -rest))
  }
  return found
}

/** The strongly connected components, each before those that reach it (Tarjan, without recursion). */
export function components(graph: Digraph): number[][] {
  const order = new Int32Array(graph.length)
  const low = new Int32Array(graph.length)
  const followed = new Int32Array(graph.length)
  const onStack = new Uint8Array(graph.length)
  const stack: number[] = []
  const path: number[] = []
  const found: number[][] = []
  let counter = 0
  for (let start = 0; start < graph.length; start += 1) {
    if (order[start] === 0) enter(start)
    for (let node = path.at(-1); node !== undefined; node = path.at(-1)) {
      const target = graph[node]?.[followed[node] ?? 0]
      if (target === undefined) leave(node)
      else {
        followed[node] = (followed[node] ?? 0) + 1
        if (order[target] === 0) enter(target)
        else if (onStack[target] === 1) lower(node, order[target] ?? 0)
      }
    }
  }
  return found

  function enter(node: number): void {
    counter += 1
    order[node] = low[node] = counter
    stack.push(node)
    onStack[node] = 1
    path.push(node)
  }

  function leave(node: number): void {
    path.pop()
    const parent = path.at(-1)
    if (parent !== undefined) lower(parent, low[node] ?? 0)
    if (low[node] !== order[node]) return
    const component = stack.splice(stack.lastIndexOf(node))
    for (const member of component) onStack[member] = 0
    found.push(component)
  }

  function lower(node: number, to: number): void {
    if (to < (low[node] ?? 0)) low[node] = to
  }
}

/** For every node the union of `own` over all nodes that it reaches, itself included. Nodes of a cycle share one set. */
export function reach(graph: Digraph, width: number, own: (node: number) => readonly number[]): readonly Bits[] {
  const sets = Array.from<Bits>({ length: graph.length })
  for (const component of components(graph)) {
    const bits = emptyBits(width)
    for (const node of component) sets[node] = bits
    for (const node of component) {
      for (const index of own(node)) addBit(bits, index)
      for (const target of graph[node] ?? []) {
        const other = sets[target]
        if (other !== undefined && other !== bits) unite(bits, other)
      }
    }
  }
  return sets
}
