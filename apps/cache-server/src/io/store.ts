import type { Readable } from 'node:stream'
import type { Entry, EntryKey } from '../core/entry.ts'

/**
 * Where entries and their bytes live. Implementations: a directory of one process, and a bucket that several replicas
 * share. All of them hold: what is readable was written whole; the first writer of a key wins; what was acknowledged
 * survives `kill -9`; a reader that has begun is not disturbed by a removal.
 *
 * Methods throw `StoreFault` for what the medium does (full, unreachable), never for what a client did.
 */
export interface Store {
  readonly kind: 'disk' | 's3'
  /** The row of a key, whatever its state; `undefined` when there is none. */
  readonly find: (key: EntryKey) => Promise<Entry | undefined>
  /**
   * Opens the bytes and notes the use; `undefined` when they are missing or damaged: the row is then dropped. Small ones
   * that the store holds in memory come whole, which spares a stream for each.
   */
  readonly read: (entry: Entry) => Promise<Readable | Uint8Array | undefined>
  /** A place for bytes that nobody can read yet. `size` is what the client declared. */
  readonly stage: (size: number) => Promise<Staging>
  /** Makes staged bytes readable under a key, unless there is a row already. */
  readonly publish: (staging: Staging, entry: Entry) => Promise<'exists' | 'published'>
  /** Replaces the state of rows; returns those it changed. */
  readonly setState: (keys: readonly EntryKey[], state: Entry['state']) => Promise<readonly Entry[]>
  /** Takes rows away; their bytes go once no row and no reader needs them. Returns those it removed. */
  readonly remove: (keys: readonly EntryKey[]) => Promise<readonly Entry[]>
  /** Every row with the time of its last use (milliseconds since the epoch), in no order. */
  readonly entries: () => AsyncIterable<UsedEntry>
  /** Whether the medium answers and takes writes right now; throws `StoreFault` when it does not. */
  readonly probe: () => Promise<void>
  /** What is left on the medium; `undefined` where nobody can know. */
  readonly free: () => Promise<Free | undefined>
  readonly close: () => Promise<void>
}

/** Bytes on their way in. Exactly one of `publish` and `discard` ends it. */
export interface Staging {
  /** Appends, honouring back-pressure. */
  readonly write: (chunk: Uint8Array) => Promise<void>
  /** Ends the bytes; what was written and its hex SHA-256. */
  readonly finish: () => Promise<{ readonly size: number; readonly digest: string }>
  /** Reads the finished bytes again, before they are published. */
  readonly read: () => Promise<Readable>
  /** Takes everything away; harmless when called twice or after `publish`. */
  readonly discard: () => Promise<void>
}

export interface UsedEntry extends Entry {
  readonly used: number
}

/** Bytes and files that can still be stored. */
export interface Free {
  readonly bytes: number
  readonly totalBytes: number
  readonly files: number
}

/** A fault of the medium. */
export class StoreFault extends Error {
  override readonly name: string = 'StoreFault'
  readonly reason: 'full' | 'unavailable'

  constructor(reason: 'full' | 'unavailable', message: string, options?: { readonly cause?: unknown }) {
    super(message, options)
    this.reason = reason
  }
}
