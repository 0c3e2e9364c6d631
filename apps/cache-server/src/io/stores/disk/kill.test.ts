import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Entry, EntryKey } from '../../../core/entry.ts'
import { createRows } from '../../../core/journal/rows.ts'
import { runStoreProcess } from '../../../testing/run-store-process.ts'
import { jobBytes, jobKey } from '../../../testing/store-jobs.ts'
import { getBytes, putBytes, sampleBytes, sampleKey } from '../../../testing/store-samples.ts'
import { openDiskStore } from './disk-store.ts'
import type { DiskEvent } from './events.ts'
import { layoutOf } from './layout.ts'
import { loadJournal } from './load-journal.ts'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'interlock-kill-'))
})
afterEach(async () => rm(directory, { recursive: true, force: true }))

/** What is wrong, with the point at which the process was killed. */
type Report = (problem: string) => void

let problems: string[]
beforeEach(() => {
  problems = []
})
const reportAt =
  (point: string): Report =>
  (problem) =>
    problems.push(`${point}: ${problem}`)

describe('a process that is killed with SIGKILL', () => {
  it('cache-23 cache-24: leaves nothing half, and loses nothing it acknowledged, at any call that changes the disk', async () => {
    const first = runStoreProcess(join(directory, 'all'), 'each')
    expect(await first.ended).toEqual({ status: 0, signal: null, stderr: '' })
    const points = pointsOf(first.said)
    expect(points.length).toBeGreaterThan(30)
    expect(points).toEqual(
      expect.arrayContaining(['rename:1:after', 'file.write:2:half', 'file.writev:1:half', 'unlink:1:after']),
    )

    await inLanes(points, async (point) => {
      const folder = join(directory, point.replaceAll(':', '-'))
      const child = runStoreProcess(folder, 'each', point)
      const { signal } = await child.ended
      if (signal !== 'SIGKILL') problems.push(`${point} was never reached`)
      await checkStore(folder, child.said, reportAt(point))
    })
    expect(problems).toEqual([])
  }, 300_000)

  it('cache-23: leaves nothing half when it is killed at a random moment of eight uploads, again and again', async () => {
    for (let round = 0; round < 6; round += 1) {
      const child = runStoreProcess(directory, 'endless', String(round * 100_000 + 1000))
      await child.until('open')
      await sleep(Math.random() * 400)
      child.kill('SIGKILL')
      await child.ended
      expect(child.said.length).toBeGreaterThan(1)
      await checkStore(directory, child.said, reportAt(`round ${round}`))
    }
    expect(problems).toEqual([])
  }, 300_000)

  it('cache-23: loses no row at any call while a shorter index takes the place of the present one', async () => {
    const first = runStoreProcess(join(directory, 'all'), 'compact')
    expect(await first.ended).toEqual({ status: 0, signal: null, stderr: '' })
    expect(first.said).toContainEqual(expect.stringMatching(/^lines 20\d rows 200$/))
    const calls = callsOf(first.said.slice(first.said.indexOf('compacting')))
    const points = calls.flatMap((call) =>
      /file\.(write|appendFile)/.test(call) ? [`${call}:half`, `${call}:after`] : [`${call}:after`],
    )
    expect(points).toEqual(expect.arrayContaining(['rename:1:after']))

    await inLanes(points, async (point) => {
      const folder = join(directory, point.replaceAll(':', '-'))
      const child = runStoreProcess(folder, 'compact', point)
      await child.ended
      const rows = createRows()
      const { damagedLines } = await loadJournal(layoutOf(folder).journal, rows.apply)
      const report = reportAt(point)
      if (damagedLines.length > 0) report(`lines ${damagedLines.join(', ')} are damaged`)
      checkRows((key) => rows.get(key)?.entry, child.said, report)
    })
    expect(problems).toEqual([])
  }, 300_000)
})

/** After each call, and in the middle of each write of the index and of the first and last of an upload. */
function pointsOf(said: readonly string[]): string[] {
  const calls = callsOf(said)
  const uploads = calls.filter((call) => call.startsWith('file.writev:'))
  const few = new Set([...uploads.slice(0, 2), ...uploads.slice(-1)])
  return calls
    .filter((call) => !call.startsWith('mkdir:'))
    .filter((call) => !call.startsWith('file.writev:') || few.has(call))
    .flatMap((call) => (call.startsWith('file.write') ? [`${call}:half`, `${call}:after`] : [`${call}:after`]))
}

function callsOf(said: readonly string[]): string[] {
  return said.filter((line) => line.startsWith('call ')).map((line) => line.slice('call '.length))
}

/** What the killed process had said is what the next one finds, and that one works. */
async function checkStore(folder: string, said: readonly string[], report: Report): Promise<void> {
  const store = await openDiskStore({
    directory: folder,
    durability: 'none',
    now: () => Date.now(),
    onEvent: ({ kind }) => {
      if (!HARMLESS.has(kind)) report(`the store says ${kind}`)
    },
  })
  const uploads = await readdir(join(folder, 'tmp'))
  if (uploads.length > 0) report('uploads are left')
  const found = new Map<string, Entry>()
  for await (const entry of store.entries()) {
    found.set(entry.hash, entry)
    const bytes = await getBytes(store, entry)
    if (bytes?.equals(jobBytes(Number(entry.writer.job))) !== true) report(`job ${entry.writer.job} is not whole`)
  }
  checkRows(({ hash }) => found.get(hash), said, report)
  if ((await putBytes(store, sampleKey({ hash: 'after' }), sampleBytes('after', 1000))) !== 'published')
    report('nothing can be published')
  // The next round starts from little, so that it takes no longer than this one.
  for await (const entry of store.entries()) await store.remove([entry])
  await checkBlobs(folder, report)
  await store.close()
}

const HARMLESS = new Set<DiskEvent['kind']>(['index-torn', 'lock-taken-over', 'orphans-removed', 'uploads-removed'])

/** Every row that was acknowledged is there, and none whose removal was. */
function checkRows(find: (key: EntryKey) => Entry | undefined, said: readonly string[], report: Report): void {
  for (const [job, state] of statesOf(said)) {
    const row = find(jobKey(job))
    if (state === 'published' && row?.writer.job !== String(job)) report(`job ${job} was acknowledged and is lost`)
    if (state === 'removed' && row !== undefined) report(`job ${job} was removed and is there`)
  }
}

/** The sweep takes the orphans: in the end there is no blob. */
async function checkBlobs(folder: string, report: Report): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    const blobs = await readdir(join(folder, 'blobs', 'sha256'), { recursive: true, withFileTypes: true })
    const count = blobs.filter((blob) => blob.isFile()).length
    if (count === 0) return
    if (attempt === 200) return report(`${count} blobs have no row`)
    await sleep(50)
  }
}

/** The last thing that was surely done to each job. */
function statesOf(said: readonly string[]): Map<number, string> {
  const states = new Map<number, string>()
  for (const line of said) {
    const [verb = '', job] = line.split(' ')
    if (['putting', 'published', 'removing', 'removed'].includes(verb)) states.set(Number(job), verb)
  }
  return states
}

/** A few at a time: each starts a process. */
async function inLanes<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const left = [...items]
  const lane = async (): Promise<void> => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item)
  }
  await Promise.all([lane(), lane(), lane()])
}
