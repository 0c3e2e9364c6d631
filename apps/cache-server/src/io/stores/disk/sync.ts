import { open } from 'node:fs/promises'

/**
 * What an acknowledged artifact survives. `none`: the end of the process, at any point. `fdatasync`: the end of the machine
 * too, at about ten times the cost of a small upload.
 */
export type Durability = 'fdatasync' | 'none'

/** Makes the names in a folder durable; Windows does so by itself and opens no folders. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
