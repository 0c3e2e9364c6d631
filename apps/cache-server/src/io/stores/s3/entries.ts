import type { Folder } from '../../../core/bucket/sweep.ts'
import { canBeRemovedRow } from '../../../core/bucket/row.ts'
import type { UsedEntry } from '../../store.ts'
import { mapLimited } from './limit.ts'
import { foldersOf } from './listing.ts'
import type { Parts } from './parts.ts'

/** Rows that are read at once. A page of the listing holds at most a thousand objects, so that is what is in memory. */
const AT_ONCE = 32

export async function* entriesOf(parts: Parts): AsyncGenerator<UsedEntry> {
  for await (const folders of foldersOf(parts.client, parts.names)) {
    const found = await mapLimited(folders, AT_ONCE, async (folder) => entryOf(parts, folder))
    for (const entry of found) if (entry !== undefined) yield entry
  }
}

async function entryOf({ rows, names }: Parts, { folder, row, used }: Folder): Promise<UsedEntry | undefined> {
  if (row === undefined || canBeRemovedRow(row.size)) return undefined
  const seen = await rows.read(folder)
  // A row that was moved by hand is in the folder of another key.
  if (seen.kind !== 'entry' || names.folder(seen.entry) !== folder) return undefined
  return { ...seen.entry, used: Math.max(seen.entry.created, used?.modified ?? 0) }
}
