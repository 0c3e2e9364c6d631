import type { EntryKey } from '../../../core/entry.ts'

/** What the store found or did by itself, for logs and metrics. */
export type DiskEvent =
  /** The index ended in the middle of a line, which is cut off. */
  | { readonly kind: 'index-torn'; readonly bytes: number }
  /** Lines of the index that are not as they were written; they are skipped, and their artifacts with them. */
  | { readonly kind: 'index-damaged'; readonly lines: readonly number[] }
  /** Something that is done from time to time did not work; it is tried again. */
  | { readonly kind: 'upkeep-failed'; readonly reason: string }
  /** The bytes of these rows are not there, or not those that were written. The rows are dropped. */
  | { readonly kind: 'bytes-damaged' | 'bytes-missing'; readonly digest: string; readonly keys: readonly EntryKey[] }
  /** Bytes that no row needs were removed. */
  | { readonly kind: 'orphans-removed'; readonly count: number }
  | { readonly kind: 'orphans-not-removed'; readonly reason: string }
  /** Uploads that a former process left unfinished were removed. */
  | { readonly kind: 'uploads-removed'; readonly count: number }
  /** Others could enter or read this; now they cannot. */
  | { readonly kind: 'narrowed-to-owner'; readonly path: string; readonly mode: string }
  /** The same, and the process is not allowed to change it. */
  | { readonly kind: 'open-to-others'; readonly path: string; readonly mode: string }
  /** A former process ended without giving the directory back. */
  | { readonly kind: 'lock-taken-over'; readonly pids: readonly number[] }
