import { InterlockError } from '@interlock/kit'
import type { Crate } from './model.ts'

/**
 * The project names of crates, by directory: the package's own; where crates of different workspaces share it (fuzz
 * crates, examples that stand alone) each adds its directory, `fuzz-libs-he-fuzz`.
 *
 * Throws `GRAPH_NAME_UNSAFE` for a name that is no plain word, `GRAPH_NAME_DUPLICATE` within one workspace.
 */
export function projectNames(crates: readonly Crate[]): ReadonlyMap<string, string> {
  const byName = new Map<string, Crate[]>()
  for (const crate of crates) {
    checkName(crate)
    const same = byName.get(crate.package.name) ?? []
    const twin = same.find((other) => other.workspace === crate.workspace)
    if (twin !== undefined) throw duplicate(crate.package.name, twin, crate)
    byName.set(crate.package.name, [...same, crate])
  }
  const names = new Map<string, string>()
  const owners = new Map<string, Crate>()
  for (const [plain, same] of byName) {
    for (const crate of same) {
      const name = same.length === 1 ? plain : qualified(crate)
      const other = owners.get(name)
      if (other !== undefined) throw duplicate(name, other, crate)
      owners.set(name, crate)
      names.set(crate.root, name)
    }
  }
  return names
}

function qualified({ package: { name }, root }: Crate): string {
  return root === '.' ? name : `${name}-${root.replaceAll(/[^A-Za-z0-9_-]+/g, '-')}`
}

function checkName({ package: { name }, file }: Crate): void {
  if (/^[A-Za-z0-9_][A-Za-z0-9_-]*$/.test(name)) return
  const message = `the package name ${JSON.stringify(name)} is no plain word and cannot stand in a command`
  throw new InterlockError('GRAPH_NAME_UNSAFE', message, {
    file,
    hint: 'use ASCII letters, digits, `_` and `-`, as the crates registry asks',
  })
}

function duplicate(name: string, first: Crate, second: Crate): InterlockError {
  const message = `two packages are named ${name}: ${first.file} and ${second.file}`
  return new InterlockError('GRAPH_NAME_DUPLICATE', message, { file: second.file, hint: 'rename one of them' })
}
