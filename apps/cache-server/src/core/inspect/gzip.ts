import { Unsafe } from './inspection.ts'

/** Takes a gzip stream of one member apart, in pieces. Throws `Unsafe`. */
export interface GzipFrame {
  /** The compressed bytes without header and trailer that are sure by now. */
  readonly push: (chunk: Buffer) => Buffer
  /** Says that no more comes; what the trailer promises about the bytes after decompression. */
  readonly finish: () => { readonly crc32: number; readonly size: number }
}

const TRAILER = 8
/** More than any header that a tool writes. */
const MAX_HEADER = 64 * 1024

export function createGzipFrame(): GzipFrame {
  let isInBody = false
  let held: Buffer = Buffer.alloc(0)
  return {
    push: (chunk) => {
      held = held.length === 0 ? chunk : Buffer.concat([held, chunk])
      if (!isInBody) {
        const length = headerLength(held)
        if (length === undefined) return Buffer.alloc(0)
        isInBody = true
        held = held.subarray(length)
      }
      const sure = held.subarray(0, Math.max(0, held.length - TRAILER))
      held = Buffer.from(held.subarray(sure.length))
      return sure
    },
    finish: () => {
      if (!isInBody || held.length < TRAILER) throw new Unsafe('truncated', 'gzip')
      return { crc32: held.readUInt32LE(0), size: held.readUInt32LE(4) }
    },
  }
}

const FLAG = { headerChecksum: 2, extra: 4, name: 8, comment: 16, reserved: 0xe0 } as const

/** `undefined` until the header is whole. */
function headerLength(bytes: Buffer): number | undefined {
  const magic = Buffer.from([0x1f, 0x8b, 8])
  const known = Math.min(bytes.length, magic.length)
  if (!bytes.subarray(0, known).equals(magic.subarray(0, known))) throw new Unsafe('no gzip data', 'byte 0')
  if (bytes.length < 10) return undefined
  const flags = bytes[3] ?? 0
  if ((flags & FLAG.reserved) !== 0) throw new Unsafe('no gzip data', 'byte 3')
  let at: number | undefined = 10
  if ((flags & FLAG.extra) !== 0) at = bytes.length < at + 2 ? undefined : at + 2 + bytes.readUInt16LE(at)
  for (const flag of [FLAG.name, FLAG.comment]) if ((flags & flag) !== 0) at = behindText(bytes, at)
  if (at !== undefined && (flags & FLAG.headerChecksum) !== 0) at += 2
  if (at !== undefined && at <= bytes.length) return at
  if (bytes.length > 2 * MAX_HEADER) throw new Unsafe('no gzip data', 'header')
  return undefined
}

function behindText(bytes: Buffer, at: number | undefined): number | undefined {
  const end = at === undefined ? -1 : bytes.indexOf(0, at)
  return end === -1 ? undefined : end + 1
}
