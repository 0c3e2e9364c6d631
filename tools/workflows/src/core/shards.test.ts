import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { shardCount, shardsOf, type Work } from './shards.ts'

const work = (project: string, tasks: Readonly<Record<string, number>>): Work => ({
  project,
  tasks: new Map(Object.entries(tasks)),
})
const alone = (project: string, ms: number): Work => work(project, { [`${project}:test`]: ms })

describe('shards', () => {
  it('give the most expensive first to whoever is done first', () => {
    const works = [alone('a', 3), alone('b', 5), alone('c', 4), alone('d', 4)]
    expect(shardsOf(works, 2)).toEqual([
      { projects: ['a', 'b'], ms: 8 },
      { projects: ['c', 'd'], ms: 8 },
    ])
  })

  it('count what several projects need once, and bring them together', () => {
    const shared = { 'base:build': 50 }
    const works = [work('a', { ...shared, 'a:test': 10 }), work('b', { 'b:test': 55 }), work('c', { ...shared, 'c:test': 10 })]
    expect(shardsOf(works, 2)).toEqual([
      { projects: ['a', 'c'], ms: 70 },
      { projects: ['b'], ms: 55 },
    ])
  })

  it('do again what many need, where waiting would take longer', () => {
    const works = Array.from({ length: 12 }, (_, index) => work(`p${index}`, { 'base:build': 20, [`p${index}:test`]: 30 }))
    expect(shardsOf(works, 3).map(({ ms }) => ms)).toEqual([140, 140, 140])
  })

  it('put what another project runs as a whole where it runs', () => {
    const works = [
      work('app', { 'base:build': 20, 'app:test': 60 }),
      work('other', { 'other:test': 30 }),
      work('base', { 'base:build': 20 }),
    ]
    expect(shardsOf(works, 2)).toEqual([
      { projects: ['app', 'base'], ms: 80 },
      { projects: ['other'], ms: 30 },
    ])
  })

  it('keep apart or bring together what shares work, whichever is done first', () => {
    const works = ['a', 'b', 'c', 'd'].map((name) => work(name, { 'base:build': 10, [`${name}:test`]: 30 }))
    const others = [alone('x', 70), alone('y', 65)]
    expect(Math.max(...shardsOf([...works, ...others], 4).map(({ ms }) => ms))).toBe(70)
    const one = ['a', 'b', 'c'].map((name) => work(name, { 'base:build': 50, [`${name}:test`]: 10 }))
    expect(shardsOf([...one, alone('x', 80)], 2).map(({ ms }) => ms)).toEqual([80, 80])
  })

  it('are never empty, and no more than there are projects', () => {
    expect(shardsOf([alone('a', 1)], 4)).toHaveLength(1)
    expect(shardsOf([], 4)).toEqual([])
  })

  it('are as many as finish in the time', () => {
    const works = [alone('a', 60), alone('b', 60), alone('c', 60)]
    expect(shardCount(works, { wallMs: 60, most: 8 })).toBe(3)
    expect(shardCount(works, { wallMs: 100, most: 8 })).toBe(2)
    expect(shardCount(works, { wallMs: 1, most: 2 })).toBe(2)
    expect(shardCount(works, { wallMs: 1, most: 256 })).toBe(3)
    expect(shardCount(works, { wallMs: 1_000_000, most: 8 })).toBe(1)
  })

  it('promise-1: hold every project exactly once, whatever the work', () => {
    const works = fc.uniqueArray(fc.tuple(fc.integer({ min: 0, max: 99 }), fc.integer({ min: 0, max: 1000 })), {
      maxLength: 40,
      selector: ([index]) => index,
    })
    fc.assert(
      fc.property(works, fc.integer({ min: 1, max: 12 }), (drawn, count) => {
        const all = drawn.map(([index, ms]) => alone(`p${index}`, ms))
        const shards = shardsOf(all, count)
        expect(shards.flatMap(({ projects }) => projects).sort()).toEqual(all.map(({ project }) => project).sort())
        expect(shards.every(({ projects }) => projects.length > 0)).toBe(true)
        expect(shards.length).toBeLessThanOrEqual(count)
      }),
    )
  })

  it('are within a tenth of the best possible for work like that of a repository', () => {
    const random = linear(20_261_126)
    const ratios = Array.from({ length: 300 }, () => {
      const count = 2 + Math.floor(random() * 15)
      const works = Array.from({ length: count * (4 + Math.floor(random() * 20)) }, (_, index) =>
        alone(`p${index}`, Math.exp(6 + 3 * random()) * (random() < 0.1 ? 4 : 1)),
      )
      const costs = works.map(({ tasks }) => [...tasks.values()][0] ?? 0)
      const bound = Math.max(costs.reduce((sum, ms) => sum + ms, 0) / count, ...costs)
      return Math.max(...shardsOf(works, count).map(({ ms }) => ms)) / bound
    })
    expect(Math.max(...ratios)).toBeLessThanOrEqual(1.1)
    expect(Math.min(...ratios)).toBeGreaterThanOrEqual(1)
  })
})

/** Numbers from 0 to 1, the same for the same seed. */
function linear(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
