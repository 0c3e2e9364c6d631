import { appendFile, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { StoreFault, type Store } from '../io/store.ts'
import { openDiskStore } from '../io/stores/disk/disk-store.ts'
import { jobBytes, jobKey } from './store-jobs.ts'
import { getBytes, putBytes } from './store-samples.ts'
import type { Say } from './store-scenarios.ts'

/** Uses a store up to the last byte of its file system and beyond, and says what came of it. */
export async function fill(directory: string, say: Say): Promise<void> {
  const store = await open(directory)
  const jobs = await putUntilFull(store, say)
  say(`published ${jobs.length}`)
  await useLastInodes(directory, store)
  say(`files ${(await store.free())?.files === 0 ? 'none' : 'left'}`)
  await putMoreOnFullDisk(store, say)
  say(`uploads left ${(await readdir(join(directory, 'tmp'))).length}`)
  say(`whole ${await countWhole(store, jobs)}`)

  await fillToLastByte(directory)
  say(`probe ${await outcomeOf(async () => store.probe())}`)
  const removed = await store.remove(jobs.slice(0, -3).map(jobKey))
  say(`removed ${removed.length}`)
  for (const name of await readdir(directory)) if (name.startsWith('filler')) await rm(join(directory, name))
  say(`again ${await outcomeOf(async () => putBytes(store, jobKey(9001), jobBytes(9001), '9001'))}`)
  await store.close()

  const next = await open(directory)
  say(`kept ${await countWhole(next, [...jobs.slice(-3), 9001])}`)
  say(`gone ${jobs.slice(0, -3).length - (await countRows(next, jobs.slice(0, -3)))}`)
  await next.close()
}

async function open(directory: string): Promise<Store> {
  return openDiskStore({
    directory: join(directory),
    durability: 'none',
    now: () => Date.now(),
    onEvent: () => undefined,
  })
}

async function putUntilFull(store: Store, say: Say): Promise<number[]> {
  const jobs: number[] = []
  for (let job = 1; job < 10_000; job += 1) {
    const outcome = await outcomeOf(async () => putBytes(store, jobKey(job), jobBytes(job), String(job)))
    if (outcome !== 'published') {
      say(`stopped ${outcome}`)
      return jobs
    }
    jobs.push(job)
  }
  return jobs
}

/** Every upload is refused in the same way, and none leaves anything behind. */
async function putMoreOnFullDisk(store: Store, say: Say): Promise<void> {
  const outcomes = await Promise.all(
    Array.from({ length: 20 }, async (_, index) =>
      outcomeOf(async () => putBytes(store, jobKey(20_003 + index * 5), jobBytes(3), 'x')),
    ),
  )
  say(`more ${[...new Set(outcomes)].join(' ')}`)
}

/** A new artifact may need two, for itself and its folder: where one is left, that goes too. */
async function useLastInodes(directory: string, store: Store): Promise<void> {
  for (let left = (await store.free())?.files ?? 0; left > 0 && left < 10; left -= 1) {
    await appendFile(join(directory, `filler-${left}`), '')
  }
}

async function fillToLastByte(directory: string): Promise<void> {
  for (const size of [65_536, 4096, 512, 1]) {
    while ((await outcomeOf(async () => appendFile(join(directory, 'filler'), Buffer.alloc(size, 1)))) === 'undefined') continue
  }
}

async function countWhole(store: Store, jobs: readonly number[]): Promise<number> {
  let count = 0
  for (const job of jobs) if ((await getBytes(store, jobKey(job)))?.equals(jobBytes(job)) === true) count += 1
  return count
}

async function countRows(store: Store, jobs: readonly number[]): Promise<number> {
  const rows = await Promise.all(jobs.map(async (job) => store.find(jobKey(job))))
  return rows.filter((row) => row !== undefined).length
}

async function outcomeOf(work: () => Promise<unknown>): Promise<string> {
  try {
    return String(await work())
  } catch (error) {
    return error instanceof StoreFault ? `fault: ${error.reason}` : `error: ${String(error)}`
  }
}
