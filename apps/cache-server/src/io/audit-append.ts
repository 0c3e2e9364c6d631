import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import { auditFile, auditFileOf, type Head, lineAfter, type RetentionClass, retentionOf, type Written } from '../core/audit.ts'
import { auditFiles } from './audit-files.ts'

export interface AuditOptions {
  /** A folder of its own; made when it is not there. */
  readonly folder: string
  /** Milliseconds since the epoch. */
  readonly clock: () => number
}

/** The chains of one folder, ready to grow. */
export interface AuditChain {
  /** Resolves once the line is in its file. A line that could not be written leaves no trace, and the next one can be. */
  readonly append: (event: Written) => Promise<void>
  readonly head: (retention: RetentionClass) => Head
  readonly close: () => Promise<void>
}

interface Waiting {
  readonly event: Written
  readonly time: string
  readonly done: () => void
  readonly failed: (error: unknown) => void
}

interface OpenFile {
  readonly name: string
  readonly handle: FileHandle
  /** Bytes of whole lines. */
  size: number
  /** Whether there may be a part of a line after them. */
  torn: boolean
}

/** Lines that come while others are being written go out in one piece. */
export function createAuditChain(options: AuditOptions & { readonly heads: Readonly<Record<RetentionClass, Head>> }): AuditChain {
  const { folder, clock } = options
  const heads = { ...options.heads }
  const files = new Map<RetentionClass, OpenFile>()
  const waiting = new Map<RetentionClass, Waiting[]>()
  const writing = new Map<RetentionClass, Promise<void>>()

  const fileFor = async (retention: RetentionClass, month: string): Promise<OpenFile> => {
    const opened = files.get(retention)
    const last = opened?.name ?? (await auditFiles(folder))[retention].at(-1)
    // A clock that was put back must not put lines before those that are there.
    const newest = [auditFileOf(last ?? '')?.month ?? '', month].sort().at(-1) ?? month
    const name = auditFile(retention, newest)
    if (opened?.name === name) return opened
    if (opened !== undefined) {
      await mend(opened)
      await opened.handle.close()
      files.delete(retention)
    }
    const handle = await open(join(folder, name), 'a', 0o600)
    const file: OpenFile = { name, handle, size: (await handle.stat()).size, torn: false }
    files.set(retention, file)
    return file
  }
  const write = async (retention: RetentionClass, batch: readonly Waiting[]): Promise<void> => {
    const before = heads[retention]
    try {
      const file = await fileFor(retention, (batch.at(-1)?.time ?? '').slice(0, 7))
      const lines = batch.map(({ event, time }) => {
        const line = lineAfter(heads[retention], time, event)
        heads[retention] = line.head
        return `${line.text}\n`
      })
      await appendWhole(file, Buffer.from(lines.join('')))
      for (const { done } of batch) done()
    } catch (error) {
      heads[retention] = before
      for (const { failed } of batch) failed(error)
    }
  }
  const drain = async (retention: RetentionClass): Promise<void> => {
    for (let batch = waiting.get(retention) ?? []; batch.length > 0; batch = waiting.get(retention) ?? []) {
      waiting.delete(retention)
      await write(retention, batch)
    }
    writing.delete(retention)
  }
  return {
    append: async (event) => {
      const retention = retentionOf(event.kind)
      const time = new Date(clock()).toISOString()
      const written = new Promise<void>((done, failed) => {
        const line = { event, time, done, failed }
        const others = waiting.get(retention)
        if (others === undefined) waiting.set(retention, [line])
        else others.push(line)
      })
      if (!writing.has(retention)) writing.set(retention, drain(retention))
      await written
    },
    head: (retention) => heads[retention],
    close: async () => {
      await Promise.all(writing.values())
      await Promise.all([...files.values()].map(async ({ handle }) => handle.close()))
    },
  }
}

async function appendWhole(file: OpenFile, bytes: Buffer): Promise<void> {
  await mend(file)
  file.torn = true
  await file.handle.appendFile(bytes)
  file.torn = false
  file.size += bytes.length
}

/** A full disk may take a part of what is written: it is taken back before anything else is. */
async function mend(file: OpenFile): Promise<void> {
  if (file.torn) await file.handle.truncate(file.size)
  file.torn = false
}
