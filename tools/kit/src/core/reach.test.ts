import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { components, membersOf, reach } from './reach.ts'

const graphs = fc
  .integer({ min: 1, max: 40 })
  .chain((size) => fc.array(fc.array(fc.nat(size - 1), { maxLength: 4 }), { minLength: size, maxLength: size }))

function walk(next: readonly (readonly number[])[], start: number): number[] {
  const seen = new Set([start])
  for (const node of seen) for (const target of next[node] ?? []) seen.add(target)
  return [...seen].sort((left, right) => left - right)
}

describe('reach', () => {
  it('finds what a walk from every node finds', () => {
    fc.assert(
      fc.property(graphs, (next) => {
        const sets = reach(next, next.length, (node) => [node])
        next.forEach((_, node) => expect(membersOf(sets[node] ?? new Uint32Array())).toEqual(walk(next, node)))
      }),
    )
  })

  it('lists every component before those that reach it', () => {
    fc.assert(
      fc.property(graphs, (next) => {
        const found = components(next)
        const rank = new Map(found.flatMap((component, index) => component.map((node): [number, number] => [node, index])))
        expect(rank.size).toBe(next.length)
        next.forEach((targets, node) =>
          targets.forEach((target) => expect(rank.get(target)).toBeLessThanOrEqual(rank.get(node) ?? -1)),
        )
      }),
    )
  })

  it('does not overflow the stack on a chain of 100,000', () => {
    const size = 100_000
    const chain = Array.from({ length: size }, (_, node) => (node + 1 < size ? [node + 1] : []))
    expect(components(chain)).toHaveLength(size)
  })
})
