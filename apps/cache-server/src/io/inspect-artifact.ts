import { once } from 'node:events'
import { crc32, createInflateRaw, type InflateRaw } from 'node:zlib'
import type { Tool } from '../core/entry.ts'
import { createGzipFrame, type GzipFrame } from '../core/inspect/gzip.ts'
import { RATIO_FREE_BYTES, Unsafe, type Inspection, type InspectionLimits } from '../core/inspect/inspection.ts'
import { createTarInspector } from '../core/inspect/tar.ts'

export interface InspectOptions {
  readonly tool: Tool
  readonly limits: InspectionLimits
}

/**
 * Looks into an artifact that is a tar.gz, as a reader of it would unpack it, without unpacking it: memory stays bounded
 * whatever it holds. Everything about which readers disagree is unsafe. Errors of the source are thrown as they are.
 */
export async function inspectArtifact(source: AsyncIterable<Uint8Array>, options: InspectOptions): Promise<Inspection> {
  try {
    return await inspect(source, options)
  } catch (error) {
    if (error instanceof Unsafe) return { kind: 'unsafe', reason: error.reason, where: error.where }
    throw error
  }
}

/** What Nx packs beside the outputs: the exit status as four bytes, and what the task printed. */
const NX_CODE = 'code'
const NX_TERMINAL = 'terminalOutput'

async function inspect(source: AsyncIterable<Uint8Array>, { tool, limits }: InspectOptions): Promise<Inspection> {
  const inspector = createTarInspector(limits.maxEntries)
  let inflated = 0
  for await (const chunk of inflate(source)) {
    inflated += chunk.bytes.length
    if (inflated > limits.maxInflated) throw new Unsafe('too many bytes', `byte ${limits.maxInflated}`)
    const isBomb = inflated > RATIO_FREE_BYTES && inflated > chunk.compressed * limits.maxRatio
    if (isBomb) throw new Unsafe('too many bytes', `byte ${inflated} from ${chunk.compressed}`)
    inspector.push(chunk.bytes)
  }
  const tree = inspector.finish()
  if (tool === 'nx' && tree.sizeOf(NX_CODE) !== 4) throw new Unsafe('code is missing', NX_CODE)
  // What a task prints holds times and paths; two runs that agree in all files would seem to differ.
  const content = tree.digest(tool === 'nx' ? [NX_TERMINAL] : [])
  return { kind: 'safe', content, entries: tree.count(), inflated }
}

interface Inflated {
  readonly bytes: Buffer
  /** Compressed bytes that were read so far. */
  readonly compressed: number
}

/** The bytes of a gzip stream with one member and nothing behind it, once they are sure to be those that its sum is of. */
async function* inflate(source: AsyncIterable<Uint8Array>): AsyncGenerator<Inflated> {
  const frame = createGzipFrame()
  const raw = createInflateRaw({ chunkSize: 64 * 1024 })
  const end = new AbortController()
  const feeding = feed({ source, frame, raw, end: end.signal })
  // Looked at below; until then a failure must not count as unhandled.
  feeding.catch(() => undefined)
  let [sum, size] = [0, 0]
  try {
    for await (const bytes of raw as AsyncIterable<Buffer>) {
      sum = crc32(bytes, sum)
      size += bytes.length
      yield { bytes, compressed: raw.bytesWritten }
    }
    end.abort()
    const fed = await feeding
    if (fed === undefined || raw.bytesWritten !== fed)
      throw new Unsafe('data after the end', `byte ${raw.bytesWritten} of the compressed data`)
    const trailer = frame.finish()
    if (trailer.crc32 !== sum || trailer.size !== size % 2 ** 32) throw new Unsafe('compressed data is damaged', 'sum at the end')
  } catch (error) {
    throw unsafeOf(error)
  } finally {
    end.abort()
    raw.destroy()
    await feeding.catch(() => undefined)
  }
}

interface Feed {
  readonly source: AsyncIterable<Uint8Array>
  readonly frame: GzipFrame
  readonly raw: InflateRaw
  /** Aborted when nothing more is read of `raw`. */
  readonly end: AbortSignal
}

/** Hands the compressed bytes over; how many, or `undefined` when the other side had enough before the last. */
async function feed({ source, frame, raw, end }: Feed): Promise<number | undefined> {
  let fed = 0
  try {
    for await (const chunk of source) {
      const bytes = frame.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength))
      if (end.aborted) return undefined
      if (bytes.length === 0) continue
      fed += bytes.length
      if (!raw.write(bytes)) await once(raw, 'drain', { signal: end })
    }
    raw.end()
    return fed
  } catch (error) {
    if (end.aborted) return undefined
    raw.destroy(error as Error)
    throw error
  }
}

function unsafeOf(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'Z_BUF_ERROR') return new Unsafe('truncated', 'gzip')
  if (typeof code === 'string' && code.startsWith('Z_')) return new Unsafe('compressed data is damaged', 'gzip')
  return error
}
