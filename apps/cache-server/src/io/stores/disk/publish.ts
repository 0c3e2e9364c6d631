import type { Entry } from '../../../core/entry.ts'
import { keyText } from '../../../core/key.ts'
import type { Staging } from '../../store.ts'
import type { Parts } from './parts.ts'
import type { DiskStaging } from './staging.ts'

/**
 * Files the bytes, then writes the row: at any moment before the row is in the journal there is nothing to read, and what
 * is left of the bytes is an orphan. Publishers of one key queue up, so only the first finds no row.
 */
export async function publish(parts: Parts, staging: DiskStaging, entry: Entry): Promise<'exists' | 'published'> {
  checkFinished(staging, entry)
  try {
    return await parts.byKey(keyText(entry), async () => {
      if (parts.rows.get(entry) !== undefined) return 'exists'
      await parts.byDigest(entry.digest, async () => fileAndWrite(parts, staging, entry))
      return 'published'
    })
  } finally {
    await staging.discard()
  }
}

/** The staging as one of a directory; a defect of the caller when it comes from elsewhere. */
export function asDiskStaging(staging: Staging): DiskStaging {
  if ('finished' in staging && 'file' in staging) return staging as DiskStaging
  throw new TypeError('the upload was staged in another store')
}

async function fileAndWrite({ blobs, journal, rows, now }: Parts, staging: DiskStaging, entry: Entry): Promise<void> {
  try {
    await blobs.place(staging.file, entry.digest, entry.size)
    staging.moved()
    await journal.append({ op: 'put', entry, used: now() })
  } catch (error) {
    // What cannot be taken away now is an orphan, which the next sweep finds.
    if (rows.references(entry.digest) === 0) await blobs.remove(entry.digest).catch(() => undefined)
    throw error
  }
}

function checkFinished(staging: DiskStaging, entry: Entry): void {
  const finished = staging.finished()
  if (finished?.digest === entry.digest && finished.size === entry.size) return
  throw new TypeError('the row does not describe the finished bytes')
}
