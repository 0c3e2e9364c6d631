import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Where the set-up of this repository puts it, then PATH. */
export function findCrane(): string | undefined {
  const own = join(import.meta.dirname, '..', '..', '..', '..', '.tools', 'referees', 'bin')
  const folders = [own, ...(process.env['PATH'] ?? '').split(delimiter)]
  return folders.map((folder) => join(folder, 'crane')).find((path) => existsSync(path))
}
