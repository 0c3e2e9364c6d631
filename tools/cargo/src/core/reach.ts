/** A directed graph over the nodes `0 … size - 1`. */
export interface Digraph {
  readonly size: number
  readonly next: (node: number) => readonly number[]
}

/** A set of small numbers. */
export type Bits = Uint32Array

export function emptyBits(size: number): Bits {
  return new Uint32Array((size + 31) >>> 5)
}

export function addBit(bits: Bits, index: number): void {
  bits[index >>> 5] = (bits[index >>> 5] ?? 0) | (1 << (index & 31))
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
export function components({ size, next }: Digraph): number[][] {
  const order = new Int32Array(size).fill(-1)
  const low = new Int32Array(size)
  const onStack = new Uint8Array(size)
  const stack: number[] = []
  const found: number[][] = []
  let counter = 0
  for (let start = 0; start < size; start += 1) {
    if (order[start] !== -1) continue
    const work: { node: number; targets: readonly number[]; at: number }[] = []
    const open = (node: number): void => {
      order[node] = low[node] = counter
      counter += 1
      stack.push(node)
      onStack[node] = 1
      work.push({ node, targets: next(node), at: 0 })
    }
    open(start)
    for (let frame = work.at(-1); frame !== undefined; frame = work.at(-1)) {
      const { node } = frame
      const target = frame.targets[frame.at]
      frame.at += 1
      if (target !== undefined) {
        if (order[target] === -1) open(target)
        else if (onStack[target] === 1) low[node] = Math.min(low[node] ?? 0, order[target] ?? 0)
        continue
      }
      work.pop()
      const parent = work.at(-1)
      if (parent !== undefined) low[parent.node] = Math.min(low[parent.node] ?? 0, low[node] ?? 0)
      if (low[node] === order[node]) found.push(pop(node))
    }
  }
  return found

  function pop(root: number): number[] {
    const component: number[] = []
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      onStack[node] = 0
      component.push(node)
      if (node === root) break
    }
    return component
  }
}

/** For every node the union of `own` over all nodes that it reaches, itself included. Nodes of a cycle share one set. */
export function reach(graph: Digraph, width: number, own: (node: number) => readonly number[]): readonly Bits[] {
  const sets = Array.from<Bits>({ length: graph.size })
  for (const component of components(graph)) {
    const bits = emptyBits(width)
    for (const node of component) sets[node] = bits
    for (const node of component) {
      for (const index of own(node)) addBit(bits, index)
      for (const target of graph.next(node)) {
        const other = sets[target]
        if (other !== undefined && other !== bits) unite(bits, other)
      }
    }
  }
  return sets
}
