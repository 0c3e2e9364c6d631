import { open, rename, rm, type FileHandle } from 'node:fs/promises'
import { encodeRecord, JOURNAL_VERSION, type JournalRecord } from '../../../core/journal/record.ts'
import type { StoreFault } from '../../store.ts'
import { faultOf, onMedium } from './fault.ts'
import type { Layout } from './layout.ts'
import type { LoadedJournal } from './load-journal.ts'
import { OWNER_ONLY } from './owner-only.ts'
import { openReserve } from './reserve.ts'
import { syncFolder, type Durability } from './sync.ts'

/** The file that the index is made of: lines are only ever appended; now and then a shorter file takes its place. */
export interface Journal {
  /** Resolves once the line is in the file and `onRecord` has seen it; rejects with `StoreFault` when neither is so. */
  readonly append: (record: JournalRecord) => Promise<void>
  /** Lines in the file. */
  readonly lines: () => number
  /** Puts a file with only these records, and what is appended meanwhile, in the place of the present one. */
  readonly compact: (records: () => Iterable<JournalRecord>) => Promise<void>
  /** Sets aside again what a full disk made it use. */
  readonly refill: () => Promise<void>
  readonly close: () => Promise<void>
}

export interface JournalOptions {
  readonly layout: Layout
  readonly durability: Durability
  readonly loaded: LoadedJournal
  /** Applies a record that is in the file now, in the order of the file. */
  readonly onRecord: (record: JournalRecord) => void
}

type Job =
  | {
      readonly kind: 'append'
      readonly record: JournalRecord
      readonly resolve: () => void
      readonly reject: (fault: StoreFault) => void
    }
  | { readonly kind: 'exclusive'; readonly run: () => Promise<void> }

/** One `write` takes at most so many lines, so that nobody waits for a whole compaction's worth of others. */
const MAX_BATCH = 512

export async function openJournal({ layout, durability, loaded, onRecord }: JournalOptions): Promise<Journal> {
  let { length, lines } = loaded
  let file: FileHandle = await open(layout.journal, loaded.length === 0 ? 'w+' : 'r+', OWNER_ONLY.file)
  const reserve = await openReserve(layout.reserve)
  const jobs: Job[] = []
  let isWorking = false

  const sync = async (handle: FileHandle): Promise<void> => (durability === 'fdatasync' ? handle.datasync() : undefined)

  /** Writes behind the last whole line. A line that did not fit whole is overwritten by the next or cut at the next start. */
  const write = async (text: string, count: number): Promise<void> => {
    const bytes = Buffer.from(text)
    try {
      for (let at = 0; at < bytes.length;) at += (await file.write(bytes, at, bytes.length - at, length + at)).bytesWritten
      await sync(file)
    } catch (error) {
      await file.truncate(length).catch(() => undefined)
      throw faultOf(error, 'the index cannot be written')
    }
    length += bytes.length
    lines += count
  }

  const writeBatch = async (batch: readonly (Job & { kind: 'append' })[]): Promise<void> => {
    const text = batch.map(({ record }) => encodeRecord(record)).join('')
    try {
      await write(text, batch.length).catch(async (fault: StoreFault) => {
        const mayUseReserve = fault.reason === 'full' && batch.some(({ record }) => record.op !== 'put')
        if (!mayUseReserve) throw fault
        await reserve.release()
        await write(text, batch.length)
      })
    } catch (error) {
      for (const job of batch) job.reject(faultOf(error, 'the index cannot be written'))
      return
    }
    for (const job of batch) {
      onRecord(job.record)
      job.resolve()
    }
  }

  const work = async (): Promise<void> => {
    if (isWorking) return
    isWorking = true
    for (let job = jobs[0]; job !== undefined; job = jobs[0]) {
      if (job.kind === 'exclusive') {
        jobs.shift()
        await job.run()
        continue
      }
      const end = jobs.findIndex(({ kind }) => kind !== 'append')
      const batch = jobs.splice(0, Math.min(end === -1 ? jobs.length : end, MAX_BATCH))
      await writeBatch(batch.filter((other) => other.kind === 'append'))
    }
    isWorking = false
  }

  const append = async (record: JournalRecord): Promise<void> =>
    new Promise((resolve, reject) => {
      jobs.push({ kind: 'append', record, resolve, reject })
      void work()
    })

  /** Runs between two batches. */
  const exclusively = async <Value>(run: () => Promise<Value>): Promise<Value> =>
    new Promise((resolve, reject) => {
      jobs.push({ kind: 'exclusive', run: async () => run().then(resolve, reject) })
      void work()
    })

  const compact = async (records: () => Iterable<JournalRecord>): Promise<void> => {
    const temporary = `${layout.journal}.next`
    const from = await exclusively(async () => length)
    const next = await open(temporary, 'w+', OWNER_ONLY.file)
    let isPlaced = false
    try {
      let size = 0
      let count = 0
      for (const text of textsOf(records(), (number) => (count += number))) {
        await next.appendFile(text)
        size += Buffer.byteLength(text)
      }
      await exclusively(async () => {
        const tail = await readRange(file, from, length)
        await next.appendFile(tail)
        await next.datasync()
        // Windows renames over no file that is open.
        await file.close()
        file = next
        await rename(temporary, layout.journal).catch(async (error: unknown) => {
          file = await open(layout.journal, 'r+')
          throw error
        })
        isPlaced = true
        length = size + tail.length
        lines = count + countLines(tail)
        await syncFolder(layout.root)
      })
    } catch (error) {
      // Once it is in its place, it is the journal, whatever fails after that.
      if (!isPlaced) await next.close().catch(() => undefined)
      await rm(temporary, { force: true })
      throw faultOf(error, 'the index cannot be compacted')
    }
  }

  if (length === 0) {
    await append({ op: 'format', version: JOURNAL_VERSION })
    if (durability === 'fdatasync') await syncFolder(layout.root)
  }
  return {
    append,
    compact,
    lines: () => lines,
    refill: async () => reserve.refill(),
    close: async () => exclusively(async () => onMedium('the index cannot be closed', async () => file.close())),
  }
}

/** The records as texts of about 64 KiB. */
function* textsOf(records: Iterable<JournalRecord>, onCount: (lines: number) => void): Generator<string> {
  let text = encodeRecord({ op: 'format', version: JOURNAL_VERSION })
  onCount(1)
  for (const record of records) {
    text += encodeRecord(record)
    onCount(1)
    if (text.length < 65_536) continue
    yield text
    text = ''
  }
  yield text
}

async function readRange(file: FileHandle, from: number, to: number): Promise<Buffer> {
  const bytes = Buffer.alloc(to - from)
  for (let at = 0; at < bytes.length;) {
    const { bytesRead } = await file.read(bytes, at, bytes.length - at, from + at)
    if (bytesRead === 0) throw new Error('the index is shorter than it was')
    at += bytesRead
  }
  return bytes
}

function countLines(bytes: Buffer): number {
  let count = 0
  for (let at = bytes.indexOf(0x0a); at !== -1; at = bytes.indexOf(0x0a, at + 1)) count += 1
  return count
}
