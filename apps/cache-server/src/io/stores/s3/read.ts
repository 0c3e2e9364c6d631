import type { Readable } from 'node:stream'
import type { Entry, EntryKey } from '../../../core/entry.ts'
import { keyOf } from '../../../core/key.ts'
import { checked, isExpected } from './body.ts'
import type { Parts } from './parts.ts'

/** Artifacts up to this size are read whole, and checked before anybody gets a byte. */
const SMALL = 256 * 1024

/** Which bytes the row named when it was read; what the server hands back is most often the very same object. */
const blobs = new WeakMap<Entry, string>()

export async function find({ rows, names }: Parts, key: EntryKey): Promise<Entry | undefined> {
  const row = await rows.read(names.folder(key), key)
  if (row.kind !== 'entry') return undefined
  blobs.set(row.entry, row.blob)
  return row.entry
}

/** The bytes of a row; when they are not there as they were stored, the row is dropped. */
export async function read(parts: Parts, entry: Entry): Promise<Readable | Uint8Array | undefined> {
  const folder = parts.names.folder(entry)
  const blob = blobs.get(entry) ?? (await blobOf(parts, folder, entry))
  if (blob === undefined) return undefined
  const body =
    entry.size > SMALL ? await openLarge(parts, `${folder}${blob}`, entry) : await readSmall(parts, `${folder}${blob}`, entry)
  if (body.kind === 'bytes') {
    parts.uses.note(folder, entry.created)
    return body.bytes
  }
  await drop(parts, entry, blob)
  parts.onEvent({ kind: body.kind, digest: entry.digest, keys: [keyOf(entry)] })
  return undefined
}

async function blobOf({ rows }: Parts, folder: string, entry: Entry): Promise<string | undefined> {
  const row = await rows.read(folder, entry)
  return row.kind === 'entry' && row.entry.digest === entry.digest ? row.blob : undefined
}

type Body =
  | { readonly kind: 'bytes'; readonly bytes: Readable | Uint8Array }
  | { readonly kind: 'bytes-damaged' | 'bytes-missing' }

async function readSmall({ objects }: Parts, key: string, entry: Entry): Promise<Body> {
  const object = await objects.get(key, SMALL + 1)
  if (object === undefined) return { kind: 'bytes-missing' }
  return isExpected(object.bytes, entry) ? { bytes: object.bytes, kind: 'bytes' } : { kind: 'bytes-damaged' }
}

async function openLarge(parts: Parts, key: string, entry: Entry): Promise<Body> {
  const opened = await parts.objects.open(key)
  if (opened === undefined) return { kind: 'bytes-missing' }
  if (opened.size !== undefined && opened.size !== entry.size) {
    opened.body.destroy()
    return { kind: 'bytes-damaged' }
  }
  const onDamaged = (): void => {
    parts.onEvent({ kind: 'bytes-damaged', digest: entry.digest, keys: [keyOf(entry)] })
    // The reader learns of it by the error of the stream; the row that could not be dropped now is by the next one.
    drop(parts, entry, key.slice(key.lastIndexOf('/') + 1)).catch(() => undefined)
  }
  return { bytes: checked(opened.body, entry, onDamaged), kind: 'bytes' }
}

/** Takes the row away, if it still names these bytes. */
async function drop({ rows, names }: Parts, entry: Entry, blob: string): Promise<void> {
  const folder = names.folder(entry)
  const row = await rows.read(folder, entry)
  if (row.kind === 'entry' && row.blob === blob) await rows.bury(folder, row)
}
