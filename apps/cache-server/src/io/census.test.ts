import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, it, vi } from 'vitest'
import type { Divergence } from '../core/divergence/divergence.ts'
import type { Entry } from '../core/entry.ts'
import { sampleBytes, sampleEntry, sampleKey } from '../testing/store-samples.ts'
import { type Census, openCensus } from './census.ts'
import type { UsedEntry } from './store.ts'

const entry = (hash: string, scope = 'trusted/main', size = 10): Entry =>
  sampleEntry(sampleKey({ hash, scope }), sampleBytes(hash, size), 'job')

function census(entries: () => AsyncIterable<UsedEntry>, every = 60_000): Census {
  const log = { warn: (): void => undefined }
  return openCensus({ store: { entries }, now: () => 5000, every, log, onDivergence: () => undefined })
}

async function* listed(...entries: readonly Entry[]): AsyncGenerator<UsedEntry> {
  for (const one of entries) yield { ...one, used: 0 }
}

it('counts what this server stores and takes away at once, beside what it found', async () => {
  const counted = census(() => listed(entry('1'), entry('2', 'pr/5')))
  expect(counted.usage()).toBeUndefined()
  await vi.waitFor(() => expect(counted.usage()).toBeDefined())
  counted.published(entry('3', 'trusted/main', 7))
  counted.removed([entry('2', 'pr/5')])
  expect(counted.usage()).toMatchObject({
    counted: 5000,
    classes: { trusted: { entries: 2, bytes: 17 }, pr: { entries: 0, bytes: 0 }, queue: { entries: 0 } },
  })
  counted.close()
})

it('counts once what is stored while it counts, whether the count saw it or not', async () => {
  let go: () => void = () => undefined
  const gate = new Promise<void>((resolve) => (go = resolve))
  const counted = census(async function* entries() {
    await gate
    yield* listed(entry('seen'))
  })
  await nextTurn()
  counted.published(entry('seen'))
  counted.published(entry('unseen'))
  go()
  await vi.waitFor(() => expect(counted.usage()?.classes.trusted).toEqual({ entries: 2, bytes: 20 }))
  counted.close()
})

it('counts nothing twice when it counts again', async () => {
  const all = [entry('1')]
  let times = 0
  const counted = census(() => {
    times += 1
    return listed(...all)
  }, 1)
  await vi.waitFor(() => expect(counted.usage()).toBeDefined())
  all.push(entry('2'))
  counted.published(entry('2'))
  const before = times
  await vi.waitFor(() => expect(times).toBeGreaterThan(before + 2))
  expect(counted.usage()?.classes.trusted.entries).toBe(2)
  counted.close()
})

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
