import { randomUUID } from 'node:crypto'
import { decodeRow, encodeEntryRow, encodeRemovedRow, MAX_ROW_BYTES, type Row } from '../../../core/bucket/row.ts'
import { ROW } from '../../../core/bucket/names.ts'
import type { Entry, EntryKey } from '../../../core/entry.ts'
import { StoreFault } from '../../store.ts'
import type { Objects } from './objects.ts'

/** The row of a folder at one moment; `absent` when there is no index object. */
export type SeenRow = (Exclude<Row, { kind: 'newer' }> & { readonly etag: string }) | { readonly kind: 'absent' }

export interface NewRow {
  readonly entry: Entry
  /** The name of its bytes, in the same folder. */
  readonly blob: string
}

/** The rows of the index. Each write holds only if the row is still the one that was seen. */
export interface Rows {
  /** With a key: a row that was filed for another one is damaged. */
  readonly read: (folder: string, key?: EntryKey) => Promise<SeenRow>
  readonly write: (folder: string, seen: SeenRow, row: NewRow) => Promise<'refused' | 'stored'>
  /** Says that there is no entry any more: readers miss it at once, on every replica, and its bytes go after the grace. */
  readonly bury: (folder: string, seen: SeenRow) => Promise<'refused' | 'stored'>
}

export function rowsOf(objects: Objects): Rows {
  const put = async (folder: string, seen: SeenRow, bytes: Buffer): Promise<'refused' | 'stored'> =>
    objects.put(`${folder}${ROW}`, bytes, seen.kind === 'absent' ? { kind: 'absent' } : { kind: 'unchanged', etag: seen.etag })

  return {
    read: async (folder, key) => {
      const object = await objects.get(`${folder}${ROW}`, MAX_ROW_BYTES)
      if (object === undefined) return { kind: 'absent' }
      const row = decodeRow(object.bytes, key)
      if (row.kind !== 'newer') return { ...row, etag: object.etag }
      throw new StoreFault('unavailable', `a row of the index was written by a later version of the server (${row.version})`)
    },
    bury: async (folder, seen) => put(folder, seen, encodeRemovedRow(randomUUID())),
    write: async (folder, seen, { entry, blob }) => put(folder, seen, encodeEntryRow(entry, blob)),
  }
}
