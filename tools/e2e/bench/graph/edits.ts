import type { Files } from './files.ts'
import type { Locked } from './locks.ts'
import { editedProject, type BenchProject } from './projects.ts'

export type EditedRow = 'source' | 'manifest' | 'lock'

/** The files that a row changes. `serial` makes each text new, so that no cache knows it. */
export function editOf(row: EditedRow, serial: number, { projects, locked }: Edited): Files {
  const { root } = editedProject(projects)
  const source = `${root}/src/parts.rs`
  if (row === 'source') return { [source]: `${locked.files[source]}// ${serial}\n` }
  if (row === 'lock') return lockEdit(locked, serial)
  const cargo = `${root}/Cargo.toml`
  const text = locked.files[cargo]
  if (text !== undefined) return { [cargo]: `${text}# ${serial}\n` }
  const manifest = `${root}/package.json`
  const fields = JSON.parse(locked.files[manifest] ?? '') as object
  return { [manifest]: `${JSON.stringify({ ...fields, description: String(serial) }, null, 2)}\n` }
}

interface Edited {
  readonly projects: readonly BenchProject[]
  readonly locked: Locked
}

/** One package moved: by turns to the other version, with white space that makes the file new. */
function lockEdit({ bumped }: Locked, serial: number): Files {
  const [name, text] = Object.entries(bumped)[0] ?? []
  if (name === undefined || text === undefined) throw new Error('no lock file was bumped')
  return { [name]: `${text}${'\n'.repeat(serial)}` }
}
