import { createReadStream } from 'node:fs'
import { type FileHandle, open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { auditFileOf, type RetentionClass } from '../core/audit.ts'

/** The files of each class, the oldest first. Files of others are left alone. */
export async function auditFiles(folder: string): Promise<Readonly<Record<RetentionClass, readonly string[]>>> {
  const names = (await readdir(folder)).filter((name) => auditFileOf(name) !== undefined).sort()
  const of = (retention: RetentionClass): readonly string[] => names.filter((name) => auditFileOf(name)?.retention === retention)
  return { '1-year': of('1-year'), '90-days': of('90-days'), permanent: of('permanent') }
}

/** The lines of a file with their numbers, from 1. */
export async function* linesOf(folder: string, file: string): AsyncGenerator<{ readonly text: string; readonly line: number }> {
  const input = createReadStream(join(folder, file), 'utf8')
  let line = 0
  for await (const text of createInterface({ input, crlfDelay: 0 })) yield { text, line: (line += 1) }
}

/** The last whole line of a file, and how many bytes after it are a line that was never finished. */
export interface Tail {
  /** `undefined` when the file holds no whole line. */
  readonly text: string | undefined
  /** Where the unfinished line begins. */
  readonly whole: number
  readonly torn: number
}

const PIECE = 64 * 1024
const LINE_FEED = 0x0a

export async function tailOf(folder: string, file: string): Promise<Tail> {
  const handle = await open(join(folder, file), 'r')
  try {
    const { size } = await handle.stat()
    for (let length = PIECE; ; length *= 2) {
      const from = Math.max(0, size - length)
      const bytes = await bytesAt(handle, from, size - from)
      const end = bytes.lastIndexOf(LINE_FEED)
      const start = end <= 0 ? -1 : bytes.lastIndexOf(LINE_FEED, end - 1)
      // The beginning of the last line has to be in sight.
      if (from > 0 && start === -1) continue
      const text = end === -1 ? undefined : bytes.subarray(start + 1, end).toString('utf8')
      return { text, whole: from + end + 1, torn: bytes.length - end - 1 }
    }
  } finally {
    await handle.close()
  }
}

async function bytesAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, position)
  return buffer.subarray(0, bytesRead)
}
