import { expect, it, vi } from 'vitest'
import type { Divergence } from '../core/divergence/divergence.ts'
import { sampleBytes, sampleEntry, sampleKey } from '../testing/store-samples.ts'
import { openCensus } from './census.ts'
import type { UsedEntry } from './store.ts'

const row = (scope: string, content: string): UsedEntry => ({
  ...sampleEntry(sampleKey({ scope, hash: '1' }), sampleBytes(scope, 10), 'job'),
  content,
  used: 1,
})

it('tells of a divergence once for as long as it is there, and again when it came back', async () => {
  let rows = [row('trusted/main', 'one'), row('pr/1', 'two')]
  let counts = 0
  const told: Divergence[] = []
  const entries = async function* entries(): AsyncGenerator<UsedEntry> {
    counts += 1
    yield* rows
  }
  const census = openCensus({
    store: { entries },
    now: () => 1,
    every: 1,
    log: { warn: () => undefined },
    onDivergence: (divergence) => told.push(divergence),
  })
  const twice = async (): Promise<void> => {
    const before = counts
    await vi.waitFor(() => expect(counts).toBeGreaterThan(before + 2))
  }
  await twice()
  expect(told).toHaveLength(1)
  census.published(row('pr/1', 'two'))
  expect(told).toHaveLength(1)
  rows = [row('trusted/main', 'one')]
  await twice()
  rows = [row('trusted/main', 'one'), row('pr/1', 'two')]
  await twice()
  expect(told).toHaveLength(2)
  census.close()
})
