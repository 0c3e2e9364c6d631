import { chmod, mkdir, stat } from 'node:fs/promises'
import { InterlockError } from '@interlock/kit'
import type { DiskEvent } from './events.ts'
import { codeOf } from './fault.ts'
import type { Layout } from './layout.ts'

/** Modes of what the store makes: hashes, scopes and writers are nobody's business. Windows goes by the folder's own list. */
export const OWNER_ONLY = { folder: 0o700, file: 0o600 } as const

/** Makes the folders of a store. What others may enter or read already is narrowed, and named where that is not allowed. */
export async function makeFolders(
  { root, blobs, journal, locks, temporary }: Layout,
  onEvent: (event: DiskEvent) => void,
): Promise<void> {
  for (const folder of [blobs, temporary, locks]) {
    await mkdir(folder, { recursive: true, mode: OWNER_ONLY.folder }).catch((cause: unknown) => {
      throw unfit(root, cause)
    })
  }
  if (process.platform === 'win32') return
  for (const path of [root, journal]) await narrow(path, onEvent)
}

/** A path that is a file, a read-only disk, a folder of somebody else: a matter of configuration. */
function unfit(root: string, cause: unknown): InterlockError {
  const hint = 'name a folder that this user may write in, on a disk that takes writes'
  return new InterlockError('CACHE_STORE_UNFIT', `no store can be made here (${codeOf(cause)})`, { file: root, hint, cause })
}

const OTHERS = 0o077

async function narrow(path: string, onEvent: (event: DiskEvent) => void): Promise<void> {
  try {
    const mode = (await stat(path)).mode & 0o7777
    if ((mode & OTHERS) === 0) return
    const isNarrow = await chmod(path, mode & ~OTHERS).then(
      () => true,
      () => false,
    )
    onEvent({ kind: isNarrow ? 'narrowed-to-owner' : 'open-to-others', path, mode: mode.toString(8).padStart(4, '0') })
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error
  }
}
