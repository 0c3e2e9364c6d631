import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { PlanInput } from '../../src/core/plan.ts'
import { bestDivision } from './best-division.ts'
import { lowerBound, qualityOf } from './quality.ts'
import { traceOf } from './traces.ts'

/** Tasks with seconds and needs, one project each. */
function trace(tasks: Readonly<Record<string, readonly [number, ...string[]]>>): PlanInput {
  return {
    tasks: Object.entries(tasks).map(([name, [, ...needs]]) => ({
      id: `${name}:build`,
      target: { project: name, target: 'build' },
      needs: needs.map((need) => `${need}:build`),
    })),
    targets: ['build'],
    tags: {},
    estimate: ({ id }) => ({ ms: tasks[id.split(':')[0] ?? '']?.[0] ?? 0, measured: true }),
    wallMs: 1,
    maxShards: 2,
  }
}

describe('the lower bound', () => {
  it('is the sum over machines, the dearest project, or what all who need a task pay for it', () => {
    expect(lowerBound(trace({ a: [10], b: [10], c: [10] }), 2)).toBe(15)
    expect(lowerBound(trace({ a: [50], b: [10], c: [10, 'a'] }), 2)).toBe(60)
    expect(lowerBound(trace({ base: [40], a: [10, 'base'], b: [10, 'base'], c: [10, 'base'] }), 2)).toBe(55)
  })

  it('is never above the best of all divisions, and a plan never below that', () => {
    const known = Array.from({ length: 60 }, (_, seed) => traceOf(seed)).flatMap((one) => {
      const { machines, ratio, overBest } = qualityOf(one)
      return overBest === undefined || machines < 2 ? [] : [{ ratio, overBest }]
    })
    expect(known.length).toBeGreaterThan(10)
    for (const { ratio, overBest } of known) {
      expect(overBest).toBeGreaterThanOrEqual(1 - 1e-9)
      expect(ratio).toBeGreaterThanOrEqual(overBest - 1e-9)
    }
  })
})

it('the best of all divisions counts what two projects on a machine need once', () => {
  expect(bestDivision(trace({ base: [40], a: [10, 'base'], b: [10, 'base'], c: [55] }), 2)).toBe(60)
  expect(bestDivision(trace(Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`p${index}`, [1]]))), 2)).toBeUndefined()
})

it('a trace is the same for the same seed, and holds every task that it needs', () => {
  expect(traceOf(7).tasks).toEqual(traceOf(7).tasks)
  for (let seed = 0; seed < 20; seed += 1) {
    const { tasks } = traceOf(seed)
    const ids = new Set(tasks.map(({ id }) => id))
    expect(tasks.flatMap(({ needs }) => needs.filter((need) => !ids.has(need)))).toEqual([])
  }
})

it('promise-1: plans stay near the best: a change of the rule that makes them worse is seen', () => {
  const known = Array.from({ length: 200 }, (_, seed) => qualityOf(traceOf(seed)).overBest ?? 1).sort(
    (left, right) => left - right,
  )
  expect(known.at(-1)).toBeLessThan(1.15)
  expect(known[Math.floor(known.length * 0.95)]).toBeLessThanOrEqual(1.1)
})

it('the bench of the plan prints every section', () => {
  const bench = fileURLToPath(new URL('../plan.ts', import.meta.url))
  const flags = ['--conditions=@interlock/source', '--import', '@swc-node/register/esm-register']
  const ended = spawnSync(process.execPath, [...flags, bench, '--traces', '40', '--runs', '1'], { encoding: 'utf8' })
  expect(ended).toMatchObject({ status: 0 })
  expect(ended.stdout).toMatch(/\| the bound \| \d+ \| \d\.\d{3} \|[^]+\| the best of all divisions \| \d+ \| \d\.\d{3} \|/u)
  expect(ended.stdout).toMatch(
    /\| `interlock ci generate --check` \| 1 \| \d+\.\d\d \(\d+\.\d\d\) \| \d+\.\d\d \(\d+\.\d\d\) \|/u,
  )
  expect(ended.stdout).toMatch(/\| `\.github\/workflows\/ci\.yml`, generated \| \d+ \| 0 \|/u)
})
