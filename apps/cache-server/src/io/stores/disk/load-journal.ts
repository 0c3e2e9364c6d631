import { createReadStream } from 'node:fs'
import { truncate } from 'node:fs/promises'
import { InterlockError } from '@interlock/kit'
import { decodeRecord, JOURNAL_VERSION, type JournalRecord } from '../../../core/journal/record.ts'
import { codeOf } from './fault.ts'

/** What was read of a journal. */
export interface LoadedJournal {
  /** Bytes of whole lines; what stood behind them is cut off. */
  readonly length: number
  readonly lines: number
  /** Bytes of a last line that was never finished; 0 when there was none. */
  readonly tornBytes: number
  /** Numbers of the lines that are not as they were written, counted from 1. They are skipped. */
  readonly damagedLines: readonly number[]
}

const LINE_BREAK = 0x0a

/** Reads every line of the journal in order, and cuts off a last one that was not finished. A missing file is empty. */
export async function loadJournal(file: string, onRecord: (record: JournalRecord) => void): Promise<LoadedJournal> {
  const damagedLines: number[] = []
  let [length, lines] = [0, 0]
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of chunksOf(file)) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    let at = 0
    for (let end = bytes.indexOf(LINE_BREAK, at); end !== -1; end = bytes.indexOf(LINE_BREAK, at)) {
      lines += 1
      const record = decodeRecord(bytes.toString('utf8', at, end))
      if (record === undefined) damagedLines.push(lines)
      else if (record.op === 'format') checkVersion(file, record.version)
      else onRecord(record)
      length += end + 1 - at
      at = end + 1
    }
    rest = bytes.subarray(at)
  }
  if (rest.length > 0) await truncate(file, length)
  return { length, lines, tornBytes: rest.length, damagedLines }
}

async function* chunksOf(file: string): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of createReadStream(file, { highWaterMark: 1024 * 1024 })) yield chunk as Buffer
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error
  }
}

function checkVersion(file: string, version: number): void {
  if (version === JOURNAL_VERSION) return
  throw new InterlockError('CACHE_STORE_UNFIT', `the index has format ${version}; this version reads format ${JOURNAL_VERSION}`, {
    file,
    hint: 'run the version of the server that wrote it, or start with an empty directory',
  })
}
