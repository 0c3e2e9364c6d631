import type { EntryKey } from '../../../core/entry.ts'

/** What the store found or did by itself, for logs and metrics. */
export type S3Event =
  /** The bytes of this row are not there, or not those that were stored. The row is dropped. */
  | { readonly kind: 'bytes-damaged' | 'bytes-missing'; readonly digest: string; readonly keys: readonly EntryKey[] }
  /** Bytes that no row named were deleted. */
  | { readonly kind: 'orphans-removed'; readonly count: number }
  /** Rows whose bytes are not there were dropped. */
  | { readonly kind: 'ghosts-dropped'; readonly count: number }
  /** The server deletes without looking at conditions, so the small index objects of removed entries have to stay. */
  | { readonly kind: 'rows-stay' }
  /** Something that is done from time to time did not work; it is tried again. */
  | { readonly kind: 'upkeep-failed'; readonly reason: string }
