import { posix } from 'node:path'
import { globMatcher, InterlockError } from '@interlock/kit'
import type { Manifest } from './manifest.ts'
import { resolveInside, upwards } from './names.ts'

/** A uv workspace: the manifest with `[tool.uv.workspace]`, and its packages by normalised name. */
export interface UvWorkspace {
  readonly root: Manifest
  readonly members: ReadonlyMap<string, Manifest>
}

/** The uv workspace of every directory that is in one. */
export function uvWorkspaces(manifests: ReadonlyMap<string, Manifest>): ReadonlyMap<string, UvWorkspace> {
  const byDirectory = new Map<string, UvWorkspace>()
  for (const root of manifests.values()) {
    if (root.workspace === undefined) continue
    const members = membersOf(root, root.workspace, manifests)
    const workspace = { root, members: new Map(members.map((member) => [member.normalized, member])) }
    byDirectory.set(root.root, workspace)
    for (const member of members) byDirectory.set(member.root, workspace)
  }
  return byDirectory
}

function membersOf(
  root: Manifest,
  { members, exclude }: NonNullable<Manifest['workspace']>,
  manifests: ReadonlyMap<string, Manifest>,
): Manifest[] {
  const included = members.map((glob) => matcherOf(root, glob, manifests))
  const excluded = exclude.map((glob) => globMatcher(posix.join(root.root, trimmed(glob))))
  const found: Manifest[] = root.name === undefined ? [] : [root]
  for (const manifest of manifests.values()) {
    if (manifest === root || manifest.name === undefined || nearestRoot(manifest, manifests) !== root) continue
    if (excluded.some((matches) => matches(manifest.root))) continue
    if (included.some((matches) => matches(manifest.root))) found.push(manifest)
  }
  const byName = new Map<string, Manifest>()
  for (const member of found) {
    const other = byName.get(member.normalized)
    if (other !== undefined) throw duplicate(member, other)
    byName.set(member.normalized, member)
  }
  return found
}

function matcherOf(root: Manifest, glob: string, manifests: ReadonlyMap<string, Manifest>): (directory: string) => boolean {
  const joined = resolveInside(root.root, trimmed(glob))
  if (joined === undefined) {
    throw new InterlockError('PYTHON_PATH_OUTSIDE', `workspace member ${JSON.stringify(glob)} leads out of the workspace`, {
      file: root.path,
      hint: 'keep members of tool.uv.workspace inside the repository',
    })
  }
  if (/[*?[\]{}!]/.test(glob)) return globMatcher(joined)
  if (!manifests.has(joined)) {
    throw new InterlockError('PYTHON_WORKSPACE_INVALID', `workspace member ${JSON.stringify(glob)} has no pyproject.toml`, {
      file: root.path,
      hint: 'create the package, or take the member out of tool.uv.workspace; an ignored file counts as absent',
    })
  }
  return (directory) => directory === joined
}

/** The first workspace root at or above a directory: uv looks no further. A member of an outer workspace may lie anywhere. */
function nearestRoot(manifest: Manifest, manifests: ReadonlyMap<string, Manifest>): Manifest | undefined {
  for (const directory of upwards(manifest.root)) {
    const candidate = manifests.get(directory)
    if (candidate?.workspace !== undefined) return candidate
  }
  return undefined
}

function duplicate(one: Manifest, other: Manifest): InterlockError {
  return new InterlockError('GRAPH_NAME_DUPLICATE', `\`${one.name}\` is also the name of ${other.path}`, {
    file: one.path,
    hint: 'two members of a uv workspace cannot have one name; rename one of them',
  })
}

function trimmed(glob: string): string {
  return glob.replace(/^\.\//, '').replace(/(.)\/+$/, '$1')
}
