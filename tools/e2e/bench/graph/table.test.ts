import { expect, test } from 'vitest'
import { parseBenchOptions } from './options.ts'
import type { ColumnResult, Report, Row, Sample } from './rows.ts'
import { median } from './statistics.ts'
import { renderReport } from './table.ts'
import { verdicts } from './targets.ts'

test('a median is the middle value, or the mean of the two in the middle', () => {
  expect(median([3, 1, 2])).toBe(2)
  expect(median([4, 1, 2, 3])).toBe(2.5)
  expect(() => median([])).toThrow('no values')
})

test('sizes and rows that nobody can measure are refused', () => {
  expect(() => parseBenchOptions(['--sizes', '50,many'])).toThrow('--sizes: "many" is no whole number of at least 9')
  expect(() => parseBenchOptions(['--rows', 'lukewarm'])).toThrow('--rows: "lukewarm" is none of')
  expect(parseBenchOptions(['--sizes', '9,50', '--columns', 'turbo'])).toMatchObject({ sizes: [9, 50], columns: ['turbo'] })
})

test('the page has a table per size, the counts of lock-only commits and a verdict per target', () => {
  const page = renderReport(report)
  expect(page.slice(page.indexOf('## 1000 projects'))).toMatchInlineSnapshot(`
    "## 1000 projects

    | CPU s · MB | bare-daemon | interlock-daemon | turbo |
    | --- | --: | --: | --: |
    | graph, cold | not run (left out) | not run (left out) | not run (turbo cannot be started) |
    | graph, warm | 1.20 · 205 | 1.30 · 234 | not run (turbo cannot be started) |
    | graph after a source edit | 1.10 · 200 | 1.60 · 200 | not run (turbo cannot be started) |
    | graph after a manifest edit | not run (left out) | not run (left out) | not run (turbo cannot be started) |
    | graph after a lock edit | not run (left out) | not run (left out) | not run (turbo cannot be started) |
    | affected list | not run (left out) | not run (left out) | not run (turbo cannot be started) |
    | ci plan of the same | not run (left out) | not run (left out) | not run (turbo cannot be started) |
    | fully cached run | not run (left out) | not run (left out) | not run (turbo cannot be started) |

    Projects selected after a commit that only moves one package in a lock file:

    | commit | column | right | selected | missed | too many |
    | --- | --: | --: | --: | --: | --: |
    | Cargo.lock: either 1 → 2 | interlock | 7 | 8 | 0 | 1 |
    | Cargo.lock: either 1 → 2 | bare | 7 | not run (no Cargo.lock) | not run | not run |

    ## Targets

    Interlock on top of bare nx with the same number of projects, plugin isolation off, daemon warm.
    The targets are for 1,000 projects; smaller sizes are shown beside.

    | projects | what | bare nx | Interlock | difference | limit |  |
    | --- | --: | --: | --: | --: | --: | --: |
    | 1000 | user CPU, graph, warm | 1.10 s | 1.20 s | +9 % | +10 % | met |
    | 1000 | user CPU, graph after a source edit | 1.00 s | 1.50 s | +0.50 s | +0.20 s | **missed** |
    | 1000 | peak memory, the worst of these rows | 205 MB | 234 MB | +29 MB | +30 MB | met |
    "
  `)
})

test('a plan is compared with the list of the same graph, in time and in memory', () => {
  const took = (wall: number, memory: number): Sample => ({ user: 1, system: 0.1, wall, memory })
  const interlock = { affected: [took(2, 200)], plan: [took(2.1, 241)] }
  const results = [result('bare-daemon', { affected: [took(1, 100)] }), result('interlock-daemon', interlock)]
  const about = verdicts({ ...report, results }).filter(({ what }) => what.startsWith('ci plan'))
  expect(about.map(({ difference, met }) => [difference, met])).toEqual([
    ['+0.10 s', true],
    ['+41 MB', false],
  ])
})

const sample = (user: number, memory: number): Sample => ({ user, system: 0.1, wall: 9, memory })
const result = (key: string, samples: Partial<Record<Row, readonly Sample[]>>, failure?: string): ColumnResult => ({
  key,
  size: 1000,
  failure,
  samples: { cold: [], warm: [], source: [], manifest: [], lock: [], affected: [], plan: [], run: [], ...samples },
})

const report: Report = {
  date: '2026-01-02',
  command: 'npm run bench:graph',
  load: ['0.5', '0.6'],
  machine: ['a machine'],
  repeat: 3,
  columns: { 'bare-daemon': 'nx', 'interlock-daemon': 'nx with Interlock', turbo: 'turbo 1' },
  sizes: [1000],
  results: [
    result('bare-daemon', { warm: [sample(1, 200), sample(1.2, 210), sample(1.1, 205)], source: [sample(1, 200)] }),
    result('interlock-daemon', { warm: [sample(1.15, 230), sample(1.25, 240), sample(1.2, 234)], source: [sample(1.5, 200)] }),
    result('turbo', {}, 'turbo cannot be started'),
  ],
  locks: [
    { key: 'interlock', size: 1000, lock: 'Cargo.lock', bump: 'either 1 → 2', expected: 7, selected: 8, missed: 0, extra: 1 },
    {
      key: 'bare',
      size: 1000,
      lock: 'Cargo.lock',
      bump: 'either 1 → 2',
      expected: 7,
      selected: 'not run (no Cargo.lock)',
      missed: 0,
      extra: 0,
    },
  ],
}
