import { describe, expect, it } from 'vitest'
import { renderReport, verdictsOf, type Report, type Samples } from './report.ts'
import type { Sample, Scenario } from './scenarios.ts'
import type { SubjectName } from './subjects.ts'

const MB = 1024 * 1024
const KEYS: readonly Scenario['key'][] = ['get-1kb', 'get-1mb', 'put-100mb', 'put-32', 'burst']

function samples(cpuOf: Readonly<Record<SubjectName, readonly number[]>>, more: Partial<Sample> = {}): Samples {
  const rounds = (name: SubjectName): Sample[] =>
    cpuOf[name].map((cpu) => ({ bytesPerSecond: 100 * MB, cpu, errors: [], peakBytes: 100 * MB, ...more }))
  const subjects = ['nginx', 'interlock', 'peer'] as const
  return new Map(KEYS.map((key) => [key, new Map(subjects.map((name) => [name, rounds(name)]))]))
}

const GOOD = { interlock: [0.0015, 0.001], nginx: [0.001, 0.002], peer: [0.0031] }

describe('the benchmark of the cache', () => {
  it('compares the least of all rounds', () => {
    const verdicts = verdictsOf(samples(GOOD))
    expect(verdicts.map(({ value }) => Number(value.toFixed(6)))).toEqual([1, 1, 1, 3.1, 100, 0, 1])
    expect(verdicts.every(({ isMet }) => isMet)).toBe(true)
  })

  it('promise-1: says of each target that it is missed when it is', () => {
    const slow = verdictsOf(samples({ ...GOOD, interlock: [0.003] }, { errors: ['status 500'], peakBytes: 200 * MB }))
    expect(slow.map(({ isMet }) => isMet)).toEqual([false, false, false, false, false, false, true])
  })

  it('promise-1: what was not measured is no verdict', () => {
    expect(() => verdictsOf(samples({ ...GOOD, peer: [] }))).toThrow('put-100mb of peer was not measured')
  })

  it('shows every figure with its spread, and what went wrong', () => {
    const report: Report = {
      command: 'npm run bench:cache -- --rounds 2',
      date: '2026-01-02',
      loopBack: 1000 * MB,
      machine: 'a machine',
      samples: samples(GOOD, { errors: ['status 500', 'status 500'] }),
      scenarios: [{ key: 'get-1kb', title: '1 KB GET' }],
      subjects: { interlock: 'ours', nginx: 'nginx 1', peer: 'a peer' },
    }
    const text = renderReport(report)
    expect(text).toContain('| interlock | 1.00 (1.50) | 100 (10 %) | 100 | 4: status 500 |\n')
    expect(text).toContain('| requests of ours that failed | 20.00 | ≤ 0 | **missed** |\n')
    expect(text).toContain('| 100 MB PUT, CPU of the peer as a multiple of ours, at least | 3.10 | ≥ 3 | met |\n')
  })
})
