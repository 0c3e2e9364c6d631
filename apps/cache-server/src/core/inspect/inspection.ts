/** What an artifact may be at most. */
export interface InspectionLimits {
  readonly maxEntries: number
  /** Bytes after decompression. */
  readonly maxInflated: number
  /** Bytes after decompression for each byte before; looked at only beyond `RATIO_FREE_BYTES`. */
  readonly maxRatio: number
}

/** Up to here any ratio is fine: short output of one line, repeated, compresses a thousandfold. */
export const RATIO_FREE_BYTES: number = 16 * 1024 * 1024

/** What an inspection found. */
export type Inspection =
  | {
      readonly kind: 'safe'
      /** Hex SHA-256 of what is inside: paths, kinds, executable bits, link targets and bytes, without times and owners. */
      readonly content: string
      readonly entries: number
      /** Bytes after decompression. */
      readonly inflated: number
    }
  | {
      readonly kind: 'unsafe'
      readonly reason: UnsafeReason
      /** The name of the entry, or where in the stream it is. */
      readonly where: string
    }

export type UnsafeReason =
  | 'absolute path'
  | 'backslash in a path'
  | 'checksum of an entry is wrong'
  | 'code is missing'
  | 'compressed data is damaged'
  | 'data after the end'
  | 'device or pipe'
  | 'drive letter'
  | 'entry of an unknown kind'
  | 'entry under a link'
  | 'extension is damaged'
  | 'field is no number'
  | 'format is unknown'
  | 'hard link to no earlier file'
  | 'link leads outside'
  | 'name is empty'
  | 'name is not text'
  | 'name is too long'
  | 'name of two kinds'
  | 'no gzip data'
  | 'parent folder in a path'
  | 'set-user-id or set-group-id'
  | 'size is given twice'
  | 'sparse file'
  | 'too many bytes'
  | 'too many entries'
  | 'truncated'

/** How the parts of an inspection end it; becomes an `Inspection` at the door, and is never seen outside. */
export class Unsafe extends Error {
  override readonly name = 'Unsafe'
  readonly reason: UnsafeReason
  readonly where: string

  constructor(reason: UnsafeReason, where: string) {
    super(`${reason}: ${where}`)
    this.reason = reason
    this.where = where
  }
}
