import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { constants, copyFile, type FileHandle, link, mkdir, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { Fault } from '../core/fault.ts'

/** Bytes that arrived whole, in memory or in a file of this user alone. */
export interface Spooled {
  readonly digest: string
  readonly size: number
  readonly bytes: Buffer | undefined
  readonly file: string | undefined
  /** Makes a stream over the bytes, from the beginning. */
  readonly read: () => Readable | Buffer
  /** A second name for the file, for somebody who will remove it. */
  readonly share: () => Promise<string>
  readonly drop: () => Promise<void>
}

export interface SpoolBounds {
  /** Bytes that one may have at most. */
  readonly most: number
  readonly inMemory: number
  /** Bytes that have to arrive within `stall` milliseconds, so that a trickle is no progress. */
  readonly stall: number
  /** What cannot be kept is still taken, so that the sender's connection lives on; else it is broken off. */
  readonly drain?: boolean
}

const TRICKLE_BYTES = 16 * 1024
let count = 0

/**
 * Takes a stream to its end. `length` is what its sender promised.
 *
 * @throws Fault when it is cut short, too long, stalls, or the disk cannot take it; nothing is left then.
 */
export async function spool(
  source: Readable,
  folder: string | undefined,
  bounds: SpoolBounds & { readonly length: number | undefined },
): Promise<Spooled> {
  const hash = createHash('sha256')
  const pieces: Buffer[] = []
  let [size, handle]: [number, FileHandle | undefined] = [0, undefined]
  const path = join(folder ?? '', `${process.pid}-${(count += 1)}`)
  const watch = trickleWatch(source, bounds.stall)
  try {
    if (bounds.length !== undefined && bounds.length > bounds.most) throw new Fault('answer too large', `${bounds.length} bytes`)
    for await (const piece of source.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      watch.saw(piece.length)
      size += piece.length
      if (size > bounds.most) throw new Fault('answer too large', `more than ${bounds.most} bytes`)
      hash.update(piece)
      if (size <= bounds.inMemory) {
        pieces.push(piece)
        continue
      }
      if (handle === undefined) {
        if (folder === undefined) throw new Fault('disk failed', 'no folder to write to')
        // Somebody may have cleared the folders of Nx since this process began.
        await mkdir(folder, { recursive: true, mode: 0o700 })
        handle = await open(path, 'wx', 0o600)
        for (const kept of pieces.splice(0)) await handle.writeFile(kept)
      }
      await handle.writeFile(piece)
    }
    if (bounds.length !== undefined && size !== bounds.length)
      throw new Fault('answer cut short', `${size} of ${bounds.length} bytes`)
    await handle?.close()
  } catch (error) {
    if (bounds.drain === true && watch.fault() === undefined) source.resume()
    else source.destroy()
    await handle?.close().catch(() => undefined)
    if (handle !== undefined) await rm(path, { force: true }).catch(() => undefined)
    throw watch.fault() ?? (isCut(error) ? new Fault('answer cut short', `after ${size} bytes`) : error)
  } finally {
    watch.stop()
  }
  const file = handle === undefined ? undefined : path
  const bytes = handle === undefined ? Buffer.concat(pieces) : undefined
  return {
    digest: hash.digest('hex'),
    size,
    bytes,
    file,
    read: () => bytes ?? createReadStream(path),
    share: async () => {
      const name = `${path}-${(count += 1)}`
      // Not every file system has hard links.
      await link(path, name).catch(async () => copyFile(path, name, constants.COPYFILE_EXCL))
      return name
    },
    drop: async () => {
      if (file !== undefined) await rm(file, { force: true }).catch(() => undefined)
    },
  }
}

/** Node says `aborted` of an answer that ended before its length, and of a connection that broke inside it. */
function isCut(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException
  return code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE'
}

function trickleWatch(
  source: Readable,
  stall: number,
): { readonly saw: (bytes: number) => void; readonly fault: () => Fault | undefined; readonly stop: () => void } {
  let [inWindow, fault]: [number, Fault | undefined] = [0, undefined]
  const give = (): void => {
    fault ??= new Fault('answer stalled', `${inWindow} bytes in ${stall} ms`)
    source.destroy(fault)
  }
  const silence = setTimeout(give, stall)
  const window = setInterval(() => {
    if (inWindow < TRICKLE_BYTES) give()
    inWindow = 0
  }, stall)
  return {
    saw: (bytes) => {
      inWindow += bytes
      silence.refresh()
    },
    fault: () => fault,
    stop: () => {
      clearTimeout(silence)
      clearInterval(window)
    },
  }
}

/**
 * Whether bytes of which nobody knows the digest are a whole gzip file with a tar archive inside: what Nx would fail
 * on otherwise.
 */
export async function isArchive({ read }: Pick<Spooled, 'read'>): Promise<boolean> {
  const gunzip = createGunzip()
  const source = read()
  if (Buffer.isBuffer(source)) gunzip.end(source)
  else source.once('error', (error) => gunzip.destroy(error)).pipe(gunzip)
  let head = Buffer.alloc(0)
  try {
    for await (const piece of gunzip as AsyncIterable<Buffer>) if (head.length < 512) head = Buffer.concat([head, piece])
    return head.length >= 512 && isTarHeader(head.subarray(0, 512))
  } catch {
    return false
  }
}

/** The checksum of a tar header is the sum of its bytes, its own field counted as spaces. */
function isTarHeader(header: Buffer): boolean {
  const written = Number.parseInt(header.toString('latin1', 148, 156).replaceAll('\0', ' ').trim(), 8)
  const sum = header.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 0x20 : byte), 0)
  return written === sum
}
