import type { Entry, EntryKey } from '../../../core/entry.ts'
import { StoreFault } from '../../store.ts'
import { mapLimited } from './limit.ts'
import type { Parts } from './parts.ts'

/** What is done to rows. */
export type Change = 'remove' | { readonly state: Entry['state'] }

const AT_ONCE = 16
const MOST_ROUNDS = 8

/** Rewrites rows so that every replica sees it with its next look; returns the rows that this call changed. */
export async function change(parts: Parts, keys: readonly EntryKey[], what: Change): Promise<Entry[]> {
  const changed = await mapLimited(keys, AT_ONCE, async (key) => changeOne(parts, key, what))
  return changed.filter((entry) => entry !== undefined)
}

async function changeOne({ rows, names }: Parts, key: EntryKey, what: Change): Promise<Entry | undefined> {
  const folder = names.folder(key)
  for (let round = 1; round <= MOST_ROUNDS; round += 1) {
    const row = await rows.read(folder, key)
    if (row.kind !== 'entry' || (what !== 'remove' && row.entry.state === what.state)) return undefined
    const entry = what === 'remove' ? row.entry : { ...row.entry, state: what.state }
    const outcome = what === 'remove' ? await rows.bury(folder, row) : await rows.write(folder, row, { blob: row.blob, entry })
    if (outcome === 'stored') return entry
  }
  throw new StoreFault('unavailable', 'the row of the artifact was changed again and again')
}
