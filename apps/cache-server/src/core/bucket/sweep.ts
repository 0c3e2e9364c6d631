import { canBeRemovedRow } from './row.ts'

/** An object as a listing shows it; times are those of the bucket, in milliseconds since the epoch. */
export interface Listed {
  readonly key: string
  readonly name: string
  readonly size: number
  readonly modified: number
  readonly etag: string
}

/** Everything of one entry, as a listing shows it. */
export interface Folder {
  readonly folder: string
  readonly row: Listed | undefined
  readonly blobs: readonly Listed[]
  readonly used: Listed | undefined
}

/**
 * What a sweep does with a folder.
 *
 * - `keep`: nothing, or nothing yet.
 * - `delete`: these objects can go, because no publisher can still want them and no reader can still be at them.
 * - `look`: the row has to be read first; `judge` then decides.
 */
export type FirstLook =
  | { readonly kind: 'keep' }
  | { readonly kind: 'delete'; readonly objects: readonly Listed[] }
  | { readonly kind: 'look' }

/** What the row of a folder turned out to be. */
export type RowSeen = { readonly kind: 'entry'; readonly blob: string } | { readonly kind: 'none' } | { readonly kind: 'unknown' }

export interface Verdict {
  readonly deletions: readonly Listed[]
  /** The row names bytes that are not there: it is to be replaced by a removal. */
  readonly isGhost: boolean
  /** The row says that there is no entry, and nothing is left that it protects: it can go, unless somebody changed it. */
  readonly isRowDone: boolean
}

export interface Clock {
  /** What the bucket says the time is: its own clock wrote the times of its objects. */
  readonly now: number
  readonly graceMs: number
}

/**
 * The rule that makes deleting safe while other replicas publish and read, without any message between them:
 *
 * A publisher writes its row within a bound (far below the grace) after it *began* to send the bytes, or takes the row
 * back. Bytes older than the grace that no row names now are therefore named by none later. A reader opens bytes right
 * after it read their row, so bytes that no row has named for the length of the grace have no reader. A row says since
 * when at the latest it has named what it names: by its own time of change.
 */
export function firstLook(folder: Folder, clock: Clock): FirstLook {
  const { row, blobs, used } = folder
  if (row === undefined) {
    const objects = [...blobs, ...(used === undefined ? [] : [used])].filter((object) => isOld(object, clock))
    return objects.length === 0 ? { kind: 'keep' } : { kind: 'delete', objects }
  }
  if (!isOld(row, clock)) return { kind: 'keep' }
  return blobs.length === 1 && !canBeRemovedRow(row.size) ? { kind: 'keep' } : { kind: 'look' }
}

/** Decides about a folder whose row has been read after it was listed. */
export function judge(folder: Folder, row: RowSeen, clock: Clock): Verdict {
  const { blobs, used } = folder
  if (row.kind === 'unknown') return { deletions: [], isGhost: false, isRowDone: false }
  const unnamed = blobs.filter(({ name }) => row.kind === 'none' || name !== row.blob)
  const deletions = unnamed.filter((blob) => isOld(blob, clock))
  if (row.kind === 'entry') return { deletions, isGhost: !blobs.some(({ name }) => name === row.blob), isRowDone: false }
  const isRowDone = deletions.length === blobs.length
  return { deletions: isRowDone && used !== undefined ? [...deletions, used] : deletions, isGhost: false, isRowDone }
}

function isOld({ modified }: Listed, { now, graceMs }: Clock): boolean {
  return now - modified > graceMs
}
