import type { EntryKey } from '../../../core/entry.ts'
import { keyOf } from '../../../core/key.ts'
import type { Parts } from './parts.ts'

/** Drops every row that needs a digest whose bytes are missing or damaged, unless somebody has put them right meanwhile. */
export async function dropDamaged(parts: Parts, digest: string, size: number): Promise<void> {
  const { blobs, byDigest, journal, memory, onEvent, rows } = parts
  await byDigest(digest, async () => {
    const opened = await blobs.open(digest, size)
    if (opened.kind === 'open') return opened.file.close()
    const keys: EntryKey[] = []
    for (const { entry } of rows.all()) if (entry.digest === digest) keys.push(keyOf(entry))
    // All lines are handed over at once: no row of a later publisher can come between and be dropped.
    await Promise.all(keys.map(async (key) => journal.append({ op: 'remove', key })))
    memory.delete(digest)
    await blobs.remove(digest)
    if (keys.length > 0) onEvent({ kind: `bytes-${opened.kind}`, digest, keys })
    return undefined
  })
}
