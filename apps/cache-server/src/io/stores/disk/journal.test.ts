import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createRows } from '../../../core/journal/rows.ts'
import { sampleBytes, sampleEntry, sampleKey } from '../../../testing/store-samples.ts'
import { layoutOf } from './layout.ts'
import { loadJournal } from './load-journal.ts'

const faults = vi.hoisted(() => ({ left: 0 }))
vi.mock('./sync.ts', () => ({
  syncFolder: async () => {
    faults.left -= 1
    if (faults.left >= 0) throw Object.assign(new Error('EIO: i/o error'), { code: 'EIO' })
  },
}))
const { openJournal } = await import('./journal.ts')

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'interlock-journal-'))
})
afterEach(async () => rm(directory, { recursive: true, force: true }))

it('goes on behind a shorter index whose folder could not be made durable', async () => {
  const layout = layoutOf(directory)
  const rows = createRows()
  const loaded = await loadJournal(layout.journal, rows.apply)
  const journal = await openJournal({ layout, durability: 'none', loaded, onRecord: rows.apply })
  const put = async (hash: string): Promise<void> =>
    journal.append({ op: 'put', entry: sampleEntry(sampleKey({ hash }), sampleBytes(hash, 10), 'job'), used: 1 })
  for (const hash of ['1', '2', '3', '4']) await put(hash)
  await journal.append({ op: 'remove', key: sampleKey({ hash: '1' }) })
  faults.left = 1
  const compacting = journal.compact(function* snapshot() {
    for (const { entry, used } of rows.all()) yield { op: 'put', entry, used }
  })
  await expect(compacting).rejects.toMatchObject({ name: 'StoreFault', reason: 'unavailable' })
  await put('5')
  expect(journal.lines()).toBe(5)
  await journal.close()

  const again = createRows()
  expect(await loadJournal(layout.journal, again.apply)).toMatchObject({ lines: 5, tornBytes: 0, damagedLines: [] })
  expect([...again.all()].map(({ entry }) => entry.hash)).toEqual(['2', '3', '4', '5'])
})
