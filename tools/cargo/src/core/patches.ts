import { canonical, isTable, stringAt, type TomlValue } from '@interlock/kit'
import type { Lock } from './lock.ts'
import type { Workspace } from './model.ts'
import { fileIn, resolvePath } from './paths.ts'
import { keyText } from './share.ts'

/** The entries of `[patch]` as lines of the root manifest, by who they belong to. */
export interface Patches {
  /** Nothing says whom they concern: no lock, or a lock that does not know the package yet. */
  readonly forAll: readonly string[]
  /** By the name of the package that is patched: they belong to whoever reaches one of that name, or asks for one in vain. */
  readonly byPackage: ReadonlyMap<string, readonly string[]>
}

/**
 * A patch that the lock lists as unused belongs to nobody who has what he asks for. One to a folder without a manifest
 * (`isListed`) belongs to all: Cargo refuses the whole workspace.
 */
export function patchesOf({ manifest, root }: Workspace, lock: Lock | undefined, isListed: (file: string) => boolean): Patches {
  const forAll: string[] = []
  const byPackage = new Map<string, string[]>()
  for (const { line, name, path } of entries(manifest.table['patch'])) {
    const isKnown = name !== undefined && (lock?.byName.has(name) === true || lock?.unusedPatches.has(name) === true)
    const directory = path === undefined ? undefined : resolvePath(root, path)
    if (!isKnown || (directory !== undefined && !isListed(fileIn(directory, 'Cargo.toml')))) forAll.push(line)
    else byPackage.set(name, [...(byPackage.get(name) ?? []), line])
  }
  return { forAll, byPackage }
}

interface Entry {
  readonly line: string
  /** The package; `undefined` where the table is not what Cargo expects. */
  readonly name: string | undefined
  /** The folder that stands for it, as the manifest writes it. */
  readonly path?: string | undefined
}

/** One line per patched package, so that a reviewer sees which one moved. */
function entries(table: TomlValue | undefined): Entry[] {
  if (table === undefined) return []
  if (!isTable(table)) return [{ line: `patch = ${canonical(table)}`, name: undefined }]
  return Object.entries(table).flatMap(([source, patches]): Entry[] => {
    const prefix = `patch.${keyText(source)}`
    if (!isTable(patches)) return [{ line: `${prefix} = ${canonical(patches)}`, name: undefined }]
    return Object.entries(patches).map(([key, value]) => ({
      line: `${prefix}.${keyText(key)} = ${canonical(value)}`,
      name: (isTable(value) ? stringAt(value, ['package']) : undefined) ?? key,
      path: isTable(value) ? stringAt(value, ['path']) : undefined,
    }))
  })
}
