import { z } from 'zod'
import type { Entry, EntryKey } from '../entry.ts'
import { isBlobName } from './names.ts'

/** What an index object says. */
export type Row =
  | { readonly kind: 'entry'; readonly entry: Entry; readonly blob: string }
  /** There is no entry, since that write: the bytes that it had may go after the grace. */
  | { readonly kind: 'removed' }
  /** Not what was written there, or filed under another key. It counts as no entry, and the next writer replaces it. */
  | { readonly kind: 'damaged'; readonly reason: string }
  /** Written by a later version of the server: nothing may be concluded, nothing replaced. */
  | { readonly kind: 'newer'; readonly version: number }

const VERSION = 1

/** Index objects are much smaller; more than this is not read. */
export const MAX_ROW_BYTES: number = 64 * 1024

const text = z.string()
const entrySchema = z.strictObject({
  workspace: text,
  tool: z.enum(['nx', 'sccache', 'turbo']),
  scope: text,
  hash: text,
  digest: z.string().regex(/^[0-9a-f]{64}$/u),
  size: z.int().nonnegative(),
  content: text.optional(),
  created: z.number(),
  writer: z.strictObject({
    issuer: text,
    run: text.optional(),
    job: text.optional(),
    actor: text.optional(),
    commit: text.optional(),
  }),
  state: z.enum(['live', 'quarantined']),
  signature: text.optional(),
  headers: z.record(text, text).optional(),
})
const rowSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    version: z.literal(VERSION),
    kind: z.literal('entry'),
    blob: z.string().refine(isBlobName),
    entry: entrySchema,
  }),
  z.strictObject({ version: z.literal(VERSION), kind: z.literal('removed'), revision: text }),
])

export function encodeEntryRow(entry: Entry, blob: string): Buffer {
  return Buffer.from(JSON.stringify({ version: VERSION, kind: 'entry', blob, entry }))
}

/** `revision` is never the same twice, so that no two removals look alike to a condition. */
export function encodeRemovedRow(revision: string): Buffer {
  return Buffer.from(JSON.stringify({ version: VERSION, kind: 'removed', revision }))
}

/** Whether an index object of that size can be one without an entry: a listing alone then tells most entries. */
export function canBeRemovedRow(size: number): boolean {
  return size < SMALLEST_ENTRY_ROW
}
const SMALLEST_ENTRY_ROW = 256

/** Reads the index object of a key. */
export function decodeRow(bytes: Uint8Array, key: EntryKey | undefined): Row {
  const value = parse(bytes)
  const version = typeof value === 'object' && value !== null && 'version' in value ? value.version : undefined
  if (typeof version === 'number' && version > VERSION) return { kind: 'newer', version }
  const result = rowSchema.safeParse(value)
  if (!result.success) return { kind: 'damaged', reason: 'it is no row of the index' }
  if (result.data.kind === 'removed') return { kind: 'removed' }
  const entry = result.data.entry as Entry
  if (key !== undefined && !isSameKey(entry, key)) return { kind: 'damaged', reason: 'it is the row of another key' }
  return { kind: 'entry', entry, blob: result.data.blob }
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'))
  } catch {
    return undefined
  }
}

function isSameKey(entry: EntryKey, key: EntryKey): boolean {
  return (['workspace', 'tool', 'scope', 'hash'] as const).every((part) => entry[part] === key[part])
}
