import { posix } from 'node:path'
import { globMatcher, InterlockError, parseToml, stringAt, stringsAt, tableAt, type TomlTable } from '@interlock/kit'
import { checkDirectory, checkPythonName, moduleName } from '../../core/init-names.ts'
import { appendToToml } from '../../core/init-toml.ts'
import { initFile, packageManifest, type Style, testFile } from './templates.ts'

const MEMBERS = ['tool', 'uv', 'workspace', 'members']

/** Text of a workspace-relative file, `undefined` when there is none. */
export type ReadText = (path: string) => string | undefined

/** Where the package goes and which files are written for it. */
export interface PythonPlan {
  readonly root: string
  readonly files: ReadonlyMap<string, string>
  /** The directory of the uv workspace that the package joins, `undefined` when it stands alone. */
  readonly workspace: string | undefined
}

/**
 * Plans a package in the uv workspace that encloses its directory; alone where there is none.
 *
 * Throws `CONFIG_INVALID` for a name or directory that cannot be used, `EDIT_CONFLICT` when the package is there already.
 */
export function planPythonPackage(request: { name: string; directory: string | undefined }, read: ReadText): PythonPlan {
  const name = checkPythonName(request.name)
  const asked = request.directory === undefined ? undefined : checkDirectory(request.directory)
  const workspace = workspaceAround(asked ?? '.', read)
  const root = posix.join(asked ?? posix.join(workspace?.base ?? '.', usualDirectory(workspace?.manifest)), name)
  if (read(posix.join(root, 'pyproject.toml')) !== undefined) {
    throw new InterlockError('EDIT_CONFLICT', 'there is a package already', { file: posix.join(root, 'pyproject.toml') })
  }
  const module = moduleName(name)
  const files = new Map([
    [posix.join(root, 'pyproject.toml'), packageManifest(name, styleOf(workspace, read))],
    [posix.join(root, 'README.md'), `# ${name}\n`],
    [posix.join(root, 'src', module, '__init__.py'), initFile(name)],
    [posix.join(root, 'src', module, 'py.typed'), ''],
    [posix.join(root, 'tests', `test_${module}.py`), testFile(name, module)],
  ])
  if (workspace !== undefined) files.set(workspace.file, withMember(workspace, posix.relative(workspace.base, root)))
  return { root, files, workspace: workspace?.base }
}

interface Workspace {
  readonly file: string
  /** Directory of the manifest. */
  readonly base: string
  readonly text: string
  readonly manifest: TomlTable
}

function workspaceAround(directory: string, read: ReadText): Workspace | undefined {
  for (let at = directory; ; at = posix.dirname(at)) {
    const file = posix.join(at, 'pyproject.toml')
    const text = read(file)
    const manifest = text === undefined ? undefined : parseToml(text, { file, code: 'CONFIG_INVALID' })
    if (text !== undefined && manifest !== undefined && tableAt(manifest, MEMBERS.slice(0, -1)) !== undefined) {
      return { file, base: at, text, manifest }
    }
    if (at === '.') return undefined
  }
}

/** `packages` where the members are `packages/*` or `packages/a`; `libs` where nothing tells. */
function usualDirectory(manifest: TomlTable | undefined): string {
  const members = manifest === undefined ? [] : (stringsAt(manifest, MEMBERS) ?? [])
  const parents = members.map((member) => posix.dirname(member)).filter((parent) => /^[\w@][\w@./-]*$/.test(parent))
  return parents.includes('libs') ? 'libs' : (parents[0] ?? 'libs')
}

function withMember({ file, text, manifest }: Workspace, member: string): string {
  const matches = (key: string): boolean =>
    (stringsAt(manifest, [...MEMBERS.slice(0, -1), key]) ?? []).some((glob) => globMatcher(glob.replace(/\/$/, ''))(member))
  if (matches('exclude')) {
    throw new InterlockError('CONFIG_INVALID', `the workspace excludes ${member}`, { file, hint: 'choose another --directory' })
  }
  return matches('members') ? text : appendToToml(text, { file, table: MEMBERS.slice(0, -1), key: 'members' }, member)
}

/** What the workspace's packages have in common, read from its root and from the members that it names. */
function styleOf(workspace: Workspace | undefined, read: ReadText): Style {
  if (workspace === undefined) return { requiresPython: '>=3.9', build: undefined, tools: true }
  const members = (stringsAt(workspace.manifest, MEMBERS) ?? []).flatMap((member) => {
    const file = posix.join(workspace.base, member, 'pyproject.toml')
    const text = member.includes('*') ? undefined : read(file)
    return text === undefined ? [] : [parseToml(text, { file, code: 'CONFIG_INVALID' })]
  })
  const all = [workspace.manifest, ...members]
  const first = <T>(find: (table: TomlTable) => T | undefined): T | undefined =>
    all.map(find).find((found) => found !== undefined)
  return {
    requiresPython: first((table) => stringAt(table, ['project', 'requires-python'])) ?? '>=3.9',
    build: first(pureBuild),
    tools: !/\bpytest\b/.test(JSON.stringify(tableAt(workspace.manifest, ['dependency-groups']) ?? {})),
  }
}

/** A build system that needs no more than its name; those that compile are for the packages that have something to compile. */
function pureBuild(table: TomlTable): Style['build'] {
  const backend = stringAt(table, ['build-system', 'build-backend'])
  const requires = stringsAt(table, ['build-system', 'requires'])
  const pure = ['hatchling.build', 'uv_build', 'pdm.backend', 'flit_core.buildapi'].includes(backend ?? '')
  return pure && backend !== undefined && requires !== undefined ? { backend, requires } : undefined
}
