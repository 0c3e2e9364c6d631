import { byText } from '@interlock/kit'
import { globMatcher, isGlob } from './glob.ts'
import type { Manifests } from './manifests.ts'
import type { Dependency, Manifest, Workspace, WorkspaceSection } from './model.ts'
import { ancestors, fileIn, isInside, resolvePath } from './paths.ts'
import { problem } from './problem.ts'

/**
 * Every Cargo workspace of the repository with its members, found as Cargo finds them: `members` and their globs, the
 * root package, path dependencies below the root, `package.workspace`, `exclude`; a crate without a workspace stands alone.
 *
 * Throws `CARGO_WORKSPACE_INVALID` where Cargo would refuse, and `CARGO_PATH_OUTSIDE` for a member outside the repository.
 */
export function findWorkspaces(manifests: Manifests): Workspace[] {
  const rootOf = rootFinder(manifests)
  const roots = manifests.directories.filter(
    (directory) => !manifests.isVendored(directory) && manifests.get(directory)?.workspace !== undefined,
  )
  const owner = new Map<string, string>()
  const workspaces = roots.map((root) => {
    const members = membersOf(manifests, root, rootOf)
    for (const member of members) {
      checkMember(manifests, { member, root, rootOf })
      owner.set(member, root)
    }
    return workspace(manifests, root, members)
  })
  const alone = manifests.directories.filter((directory) => !owner.has(directory) && !manifests.isVendored(directory))
  for (const directory of alone)
    if (manifests.get(directory)?.package !== undefined) workspaces.push(standalone(manifests, directory, rootOf))
  return workspaces.sort((left, right) => byText(left.root, right.root))
}

type RootOf = (directory: string) => string | undefined

function workspace(manifests: Manifests, root: string, members: Iterable<string>): Workspace {
  const lockFile = fileIn(root, 'Cargo.lock')
  return {
    root,
    file: fileIn(root, 'Cargo.toml'),
    manifest: manifests.get(root) as Manifest,
    lockFile: hasFile(manifests, lockFile) ? lockFile : undefined,
    members: [...members].sort(byText),
  }
}

const listed: WeakMap<readonly string[], ReadonlySet<string>> = new WeakMap()

function hasFile({ files }: Manifests, path: string): boolean {
  const known = listed.get(files.paths) ?? new Set(files.paths)
  listed.set(files.paths, known)
  return known.has(path)
}

function standalone(manifests: Manifests, directory: string, rootOf: RootOf): Workspace {
  const root = rootOf(directory)
  if (root === undefined) return workspace(manifests, directory, [directory])
  const [file, rootFile] = [fileIn(directory, 'Cargo.toml'), fileIn(root, 'Cargo.toml')]
  throw problem(manifests.files, {
    code: 'CARGO_WORKSPACE_INVALID',
    message: `the package believes that it is in the workspace of ${rootFile}, which does not list it`,
    file,
    at: '[package]',
    hint: `add ${JSON.stringify(relativeTo(root, directory))} to \`workspace.members\` or \`workspace.exclude\` in ${rootFile}, or put an empty \`[workspace]\` table into ${file}`,
  })
}

/** Where Cargo would find the root of the workspace of a crate: its pointer, or the nearest root above that does not exclude it. */
function rootFinder(manifests: Manifests): RootOf {
  const pointer = (directory: string, path: string): string => {
    const root = resolvePath(directory, path)
    const file = fileIn(directory, 'Cargo.toml')
    if (root !== undefined && manifests.get(root)?.workspace !== undefined) return root
    throw problem(manifests.files, {
      code: root === undefined ? 'CARGO_PATH_OUTSIDE' : 'CARGO_WORKSPACE_INVALID',
      message: `\`package.workspace\` names ${JSON.stringify(path)}, which is not the root of a workspace in this repository`,
      file,
      at: JSON.stringify(path),
      hint: 'name the directory of the Cargo.toml that has the `[workspace]` table',
    })
  }
  return (directory) => {
    const own = manifests.get(directory)
    if (own?.workspace !== undefined) return directory
    if (own?.package?.pointer !== undefined) return pointer(directory, own.package.pointer)
    for (const above of ancestors(directory)) {
      const manifest = manifests.get(above)
      if (manifest?.workspace !== undefined && !isExcluded(manifest.workspace, above, directory)) return above
      if (manifest?.workspace === undefined && manifest?.package?.pointer !== undefined)
        return pointer(above, manifest.package.pointer)
    }
    return undefined
  }
}

/** As Cargo decides: below an `exclude` entry, and not below an entry of `members` as it is written. */
function isExcluded({ exclude, members }: WorkspaceSection, root: string, directory: string): boolean {
  const covers = (path: string): boolean => {
    const resolved = resolvePath(root, path)
    return resolved !== undefined && isInside(directory, resolved)
  }
  return exclude.some(covers) && !members.some(covers)
}

function membersOf(manifests: Manifests, root: string, rootOf: RootOf): Set<string> {
  const section = manifests.get(root)?.workspace as WorkspaceSection
  const found = new Set<string>()
  const queue = [...section.members.flatMap((pattern) => expand(manifests, root, pattern)), root]
  for (let directory = queue.pop(); directory !== undefined; directory = queue.pop()) {
    if (found.has(directory) || isExcluded(section, root, directory)) continue
    const manifest = manifests.get(directory)
    if (manifest?.package === undefined) {
      if (directory !== root) throw noPackage(manifests, root, directory)
      continue
    }
    found.add(directory)
    for (const dependency of manifest.dependencies) {
      const target = directoryOf(dependency, { directory, root, section })
      // Outside the root's hierarchy only a crate that points here is a member.
      if (target !== undefined && manifests.has(target) && (isInside(target, root) || rootOf(target) === root)) queue.push(target)
    }
  }
  return found
}

interface Place {
  readonly directory: string
  readonly root: string
  readonly section: WorkspaceSection | undefined
}

/** The directory that a dependency's path leads to, inherited or not; `undefined` without a path or outside the repository. */
export function directoryOf(dependency: Dependency, { directory, root, section }: Place): string | undefined {
  const entry = dependency.inherited ? section?.dependencies.get(dependency.key) : dependency
  return entry?.path === undefined ? undefined : resolvePath(dependency.inherited ? root : directory, entry.path)
}

function expand(manifests: Manifests, root: string, pattern: string): string[] {
  const path = resolvePath(root, pattern)
  const file = fileIn(root, 'Cargo.toml')
  const place = { file, at: JSON.stringify(pattern) }
  if (path === undefined) {
    const message = `the workspace member ${JSON.stringify(pattern)} leads outside the repository`
    throw problem(manifests.files, {
      ...place,
      code: 'CARGO_PATH_OUTSIDE',
      message,
      hint: 'move the crate into the repository or remove the member',
    })
  }
  if (isGlob(pattern)) {
    const matches = globMatcher(path)
    return manifests.directories.filter((directory) => matches(directory))
  }
  if (manifests.has(path)) return [path]
  throw problem(manifests.files, {
    ...place,
    code: 'CARGO_WORKSPACE_INVALID',
    message: `the workspace member ${JSON.stringify(pattern)} has no Cargo.toml that is in the repository`,
    hint: 'correct `workspace.members`, or add the crate to git if it is ignored',
  })
}

function noPackage(manifests: Manifests, root: string, directory: string): Error {
  return problem(manifests.files, {
    code: 'CARGO_WORKSPACE_INVALID',
    message: `${fileIn(directory, 'Cargo.toml')} is a member of this workspace and the root of another one`,
    file: fileIn(root, 'Cargo.toml'),
    at: '[workspace]',
    hint: `add ${JSON.stringify(relativeTo(root, directory))} to \`workspace.exclude\``,
  })
}

interface Membership {
  readonly member: string
  readonly root: string
  readonly rootOf: RootOf
}

function checkMember(manifests: Manifests, { member, root, rootOf }: Membership): void {
  const actual = rootOf(member)
  if (actual === root) return
  if (actual === member) throw noPackage(manifests, root, member)
  const message =
    actual === undefined
      ? `is a member of ${fileIn(root, 'Cargo.toml')} but neither below it nor pointing to it`
      : `is a member of ${fileIn(root, 'Cargo.toml')}, but Cargo finds its workspace in ${fileIn(actual, 'Cargo.toml')}`
  throw problem(manifests.files, {
    code: 'CARGO_WORKSPACE_INVALID',
    message,
    file: fileIn(member, 'Cargo.toml'),
    at: '[package]',
    hint: 'set `package.workspace` to the directory of the workspace, or correct `members` and `exclude`',
  })
}

function relativeTo(root: string, directory: string): string {
  return root === '.' ? directory : directory.startsWith(`${root}/`) ? directory.slice(root.length + 1) : directory
}
