import type { Entry, EntryKey } from '../../../core/entry.ts'
import { keyOf, keyText } from '../../../core/key.ts'
import type { Parts } from './parts.ts'

/** So many rows are taken away before their bytes go, which on a full disk makes room for the lines of the next. */
const AT_ONCE = 256

/** Takes rows away, and the bytes that no other row needs. */
export async function remove(parts: Parts, keys: readonly EntryKey[]): Promise<readonly Entry[]> {
  const removed: Entry[] = []
  for (let at = 0; at < keys.length; at += AT_ONCE) removed.push(...(await removeSome(parts, keys.slice(at, at + AT_ONCE))))
  return removed
}

async function removeSome(parts: Parts, keys: readonly EntryKey[]): Promise<readonly Entry[]> {
  const removed = await changeEach(parts, keys, async (entry) => {
    await parts.journal.append({ op: 'remove', key: keyOf(entry) })
    return entry
  })
  await Promise.all(removed.map(async ({ digest }) => removeUnneeded(parts, digest)))
  return removed
}

export async function setState(parts: Parts, keys: readonly EntryKey[], state: Entry['state']): Promise<readonly Entry[]> {
  return changeEach(parts, keys, async (entry) => {
    if (entry.state === state) return undefined
    await parts.journal.append({ op: 'state', key: keyOf(entry), state })
    return { ...entry, state }
  })
}

/** Removes the bytes of a digest unless a row needs them; `true` when they were removed. */
export async function removeUnneeded({ blobs, byDigest, memory, onEvent, rows }: Parts, digest: string): Promise<boolean> {
  return byDigest(digest, async () => {
    if (rows.references(digest) > 0) return false
    memory.delete(digest)
    try {
      await blobs.remove(digest)
      return true
    } catch (error) {
      onEvent({ kind: 'orphans-not-removed', reason: error instanceof Error ? error.message : String(error) })
      return false
    }
  })
}

async function changeEach(
  { byKey, rows }: Parts,
  keys: readonly EntryKey[],
  change: (entry: Entry) => Promise<Entry | undefined>,
): Promise<readonly Entry[]> {
  const changed = await Promise.all(
    keys.map(async (key) =>
      byKey(keyText(key), async () => {
        const row = rows.get(key)
        return row === undefined ? undefined : change(row.entry)
      }),
    ),
  )
  return changed.filter((entry) => entry !== undefined)
}
