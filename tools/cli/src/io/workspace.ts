import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The nearest folder upwards from `cwd` that holds `nx.json`; `undefined` when there is none. */
export function findWorkspaceRoot(cwd: string): string | undefined {
  for (let folder = cwd; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'nx.json'))) return folder
    if (dirname(folder) === folder) return undefined
  }
}
