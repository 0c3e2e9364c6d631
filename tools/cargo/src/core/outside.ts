import { sortedUnique, stringAt } from '@interlock/kit'
import { patchedCrates } from './locked.ts'
import type { Manifests } from './manifests.ts'
import type { Crate } from './model.ts'
import { asGlob, below, isInside, resolvePath } from './paths.ts'
import { posix } from 'node:path'

interface Surroundings {
  readonly manifests: Manifests
  readonly crates: ReadonlyMap<string, Crate>
  readonly reached: (crate: Crate) => readonly Crate[]
}

/** Files and globs outside a crate's directory that its manifest says are read. */
export function outsideOf(crate: Crate, surroundings: Surroundings): string[] {
  const { root, package: section, workspace } = crate
  const found: (string | undefined)[] = []
  for (const path of section.files) found.push(resolvePath(root, path))
  for (const path of section.sources) found.push(sourceGlob(root, path))
  for (const key of section.inherits) {
    const path =
      key === 'readme' || key === 'license-file' ? stringAt(workspace.manifest.table, ['workspace', 'package', key]) : undefined
    if (path !== undefined) found.push(resolvePath(workspace.root, path))
  }
  found.push(
    ...foreignRoots(crate, surroundings),
    ...unlockedPatches(crate, surroundings),
    ...overridden(crate, surroundings),
    ...unlisted(crate, surroundings),
  )
  return sortedUnique(found.filter((path) => path !== undefined && !isInside(path, root)) as string[])
}

/** A source file's modules lie beside it. */
function sourceGlob(root: string, path: string): string | undefined {
  const file = resolvePath(root, path)
  return file === undefined || isInside(file, root) ? undefined : below(posix.dirname(file))
}

/** A crate of another workspace that is reached is built with what it inherits there. */
function foreignRoots(crate: Crate, { reached, crates }: Surroundings): string[] {
  if (crate.workspace.members.length === crates.size) return []
  return reached(crate).flatMap((other) =>
    other.workspace === crate.workspace || other.workspace.root === other.root ? [] : asGlob(other.workspace.file),
  )
}

/** Without a lock nobody can say which crate a patch reaches: it is read by all that have an external dependency. */
function unlockedPatches(crate: Crate, { crates, reached }: Surroundings): string[] {
  if (crate.workspace.lockFile !== undefined || crate.dependencies.every(({ path }) => path !== undefined)) return []
  return patchedCrates(crate.workspace, crates).flatMap((patched) =>
    [patched, ...reached(patched)].filter((other) => other !== crate).map(({ root }) => below(root)),
  )
}

/** `paths` in `.cargo/config.toml` replaces packages without a trace in the lock. */
function overridden(crate: Crate, { manifests }: Surroundings): string[] {
  return manifests.overrides.flatMap(({ scope, directory }) =>
    isInside(crate.workspace.root, scope) && !isInside(crate.root, directory) ? below(directory) : [],
  )
}

/** A path dependency that is no project (vendored, or its manifest is not listed): whatever of it is in the repository is read. */
function unlisted(crate: Crate, { crates }: Surroundings): string[] {
  return crate.dependencies.flatMap(({ directory }) =>
    directory === undefined || crates.has(directory) || directory === '.' ? [] : below(directory),
  )
}
