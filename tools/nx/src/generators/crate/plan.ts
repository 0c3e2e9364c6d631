import { posix } from 'node:path'
import { globMatcher, InterlockError, parseToml, stringAt, stringsAt, tableAt, type TomlTable } from '@interlock/kit'
import { appendToToml } from '../../core/init-toml.ts'
import { checkCrateName, checkDirectory } from '../../core/init-names.ts'
import { addToCargoLock } from './lock.ts'
import { crateManifest, sourceFile } from './templates.ts'

/** A crate that somebody asks for. */
export interface CrateRequest {
  readonly name: string
  readonly directory: string | undefined
  readonly bin: boolean
}

/** Text of a workspace-relative file, `undefined` when there is none. */
export type ReadText = (path: string) => string | undefined

/** Where the crate goes and which files change for it. */
export interface CratePlan {
  /** Directory of the crate. */
  readonly root: string
  /** Texts by path: the crate's manifest, the workspace's manifest and its lock. */
  readonly files: ReadonlyMap<string, string>
  /** What becomes of a scaffolded source file. */
  readonly source: (path: string, text: string) => string
}

/**
 * Plans a crate in the Cargo workspace that encloses its directory, or in a new one at the root.
 *
 * Throws `CONFIG_INVALID` for a name or directory that cannot be used, `EDIT_CONFLICT` when the crate is there already.
 */
export function planCrate(request: CrateRequest, read: ReadText): CratePlan {
  const name = checkCrateName(request.name)
  const asked = request.directory === undefined ? undefined : checkDirectory(request.directory)
  const file = workspaceManifest(asked ?? '.', read)
  const text = read(file) ?? '[workspace]\nresolver = "2"\nmembers = []\n'
  const manifest = parseToml(text, { file, code: 'CONFIG_INVALID' })
  const base = posix.dirname(file)
  const root = posix.join(asked ?? posix.join(base, usualDirectory(manifest)), name)
  if (read(posix.join(root, 'Cargo.toml')) !== undefined) {
    throw new InterlockError('EDIT_CONFLICT', 'there is a crate already', { file: posix.join(root, 'Cargo.toml') })
  }
  const files = new Map<string, string>()
  files.set(file, withMember(text, { file, manifest, member: posix.relative(base, root) }))
  files.set(posix.join(root, 'Cargo.toml'), crateManifest(name, { manifest, edition: editionOf(manifest, base, read) }))
  const lock = posix.join(base, 'Cargo.lock')
  const locked = read(lock)
  const version = stringAt(manifest, ['workspace', 'package', 'version']) ?? '0.1.0'
  if (locked !== undefined) files.set(lock, addToCargoLock(locked, { name, version, file: lock }))
  return { root, files, source: (path, scaffold) => sourceFile(path, scaffold, name) }
}

/** The manifest of the workspace around a directory: the nearest with a `[workspace]`, else the one at the root. */
function workspaceManifest(directory: string, read: ReadText): string {
  for (let at = directory; ; at = posix.dirname(at)) {
    const file = posix.join(at, 'Cargo.toml')
    const text = read(file)
    if (text !== undefined && tableAt(parseToml(text, { file, code: 'CONFIG_INVALID' }), ['workspace']) !== undefined) return file
    if (at === '.') return 'Cargo.toml'
  }
}

/** `crates` where the members are `crates/*` or `crates/a`; `libs` where nothing tells. */
function usualDirectory(manifest: TomlTable): string {
  const members = stringsAt(manifest, ['workspace', 'members']) ?? []
  const parents = members.map((member) => posix.dirname(member)).filter((parent) => /^[\w@][\w@./-]*$/.test(parent))
  return parents.includes('libs') ? 'libs' : (parents[0] ?? 'libs')
}

function withMember(text: string, workspace: { file: string; manifest: TomlTable; member: string }): string {
  const { file, manifest, member } = workspace
  const matches = (key: string): boolean =>
    (stringsAt(manifest, ['workspace', key]) ?? []).some((glob) => globMatcher(glob.replace(/\/$/, ''))(member))
  const excluded = stringsAt(manifest, ['workspace', 'exclude']) ?? []
  if (excluded.some((path) => `${member}/`.startsWith(`${path.replace(/\/$/, '')}/`))) {
    throw new InterlockError('CONFIG_INVALID', `the workspace excludes ${member}`, { file, hint: 'choose another --directory' })
  }
  return matches('members') ? text : appendToToml(text, { file, table: ['workspace'], key: 'members' }, member)
}

/** The edition that the neighbours have, where the workspace does not set one for all. */
function editionOf(manifest: TomlTable, base: string, read: ReadText): string {
  const own = stringAt(manifest, ['package', 'edition'])
  if (own !== undefined) return own
  for (const member of stringsAt(manifest, ['workspace', 'members']) ?? []) {
    const file = posix.join(base, member, 'Cargo.toml')
    const text = member.includes('*') ? undefined : read(file)
    const edition =
      text === undefined ? undefined : stringAt(parseToml(text, { file, code: 'CONFIG_INVALID' }), ['package', 'edition'])
    if (edition !== undefined) return edition
  }
  return '2021'
}
