import { mkdir } from 'node:fs/promises'
import { createRows } from '../core/journal/rows.ts'
import type { Store } from '../io/store.ts'
import { openJournal } from '../io/stores/disk/journal.ts'
import { layoutOf } from '../io/stores/disk/layout.ts'
import { loadJournal } from '../io/stores/disk/load-journal.ts'
import { jobBytes, jobKey } from './store-jobs.ts'
import { putBytes, sampleEntry, sampleKey } from './store-samples.ts'

export type Say = (line: string) => void

interface Scenario {
  readonly store: Store
  readonly say: Say
  /** Number of the first job. */
  readonly first: number
}

/** One of each, in order: small, empty, large, equal bytes under two keys, a second writer, removals, a state. */
export async function each({ store, say }: Scenario): Promise<void> {
  for (const job of [1, 0, 4, 101]) await put(store, say, job)
  await putBytes(store, jobKey(1), jobBytes(7), '7')
  await remove(store, say, 4)
  await remove(store, say, 1)
  await store.setState([jobKey(101)], 'quarantined')
  await put(store, say, 2)
}

/** Several at once, without end. */
export async function endless({ store, say, first }: Scenario): Promise<void> {
  for (let job = first; ; job += 8) {
    await Promise.all(Array.from({ length: 8 }, async (_, index) => put(store, say, job + index)))
    await Promise.all([remove(store, say, job), remove(store, say, job + 3)])
  }
}

/** Keeps the directory until it is killed. */
export async function hold(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 600_000))
}

export async function probe({ store }: Scenario): Promise<void> {
  await store.find(sampleKey())
}

/** A journal that grows while a shorter one takes its place. */
export async function compact(directory: string, say: Say): Promise<void> {
  await mkdir(directory, { recursive: true })
  const layout = layoutOf(directory)
  const rows = createRows()
  const loaded = await loadJournal(layout.journal, rows.apply)
  const journal = await openJournal({ layout, durability: 'none', loaded, onRecord: rows.apply })
  const append = async (job: number): Promise<void> => {
    say(`putting ${job}`)
    await journal.append({ op: 'put', entry: sampleEntry(jobKey(job), jobBytes(0), String(job)), used: 1 })
    say(`published ${job}`)
  }
  const drop = async (job: number): Promise<void> => {
    say(`removing ${job}`)
    await journal.append({ op: 'remove', key: jobKey(job) })
    say(`removed ${job}`)
  }
  await Promise.all(Array.from({ length: 400 }, async (_, job) => append(job)))
  await Promise.all(Array.from({ length: 200 }, async (_, job) => drop(job)))
  say('compacting')
  await Promise.all([
    journal.compact(function* snapshot() {
      for (const { entry, used } of rows.all()) yield { op: 'put', entry, used }
    }),
    Promise.all([append(1000), drop(300), append(1001), drop(1000)]),
  ])
  say(`lines ${journal.lines()} rows ${rows.size()}`)
  await append(1002)
  await journal.close()
}

async function put(store: Store, say: Say, job: number): Promise<void> {
  say(`putting ${job}`)
  say(`${await putBytes(store, jobKey(job), jobBytes(job), String(job))} ${job}`)
}

async function remove(store: Store, say: Say, job: number): Promise<void> {
  say(`removing ${job}`)
  await store.remove([jobKey(job)])
  say(`removed ${job}`)
}
