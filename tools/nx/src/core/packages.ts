import { posix } from 'node:path'
import { InterlockError, sortedUnique, type WorkspaceFiles } from '@interlock/kit'
import { namesProjects } from './naming-projects.ts'
import type { JavaScriptProject } from './model.ts'

/** A parsed package.json or project.json; everything in it may be of any type. */
export type Manifest = Readonly<Record<string, unknown>>

const DEPENDENCIES = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies']

/** npm's lock files in the order in which Nx looks for them. */
const NPM_LOCKS = ['bun.lock', 'yarn.lock', 'pnpm-lock.yaml', 'package-lock.json', 'npm-shrinkwrap.json']

/** Reads a JSON file that Nx would also read; `undefined` when it is not listed. */
export function readManifest(files: WorkspaceFiles, path: string): Manifest | undefined {
  if (!files.paths.includes(path)) return undefined
  try {
    const value: unknown = JSON.parse(files.read(path))
    if (isRecord(value)) return value
    throw new SyntaxError('the document is not an object')
  } catch (cause) {
    if (cause instanceof InterlockError) throw cause
    const reason = cause instanceof Error ? cause.message.split('\n', 1)[0] : String(cause)
    throw new InterlockError('CONFIG_INVALID', `not valid JSON: ${reason}`, { file: path, cause })
  }
}

/** The packages of the npm workspace and the directories with a project.json. `isMember` is Nx's own answer. */
export function javascriptProjects(files: WorkspaceFiles, isMember: (packageJson: string) => boolean): JavaScriptProject[] {
  const configured = rootsOf(files, 'project.json')
  const packages = rootsOf(files, 'package.json').filter(
    (root) => isMember(posix.join(root, 'package.json')) || configured.includes(root),
  )
  return sortedUnique([...configured, ...packages]).map((root) => {
    const configuration = readManifest(files, posix.join(root, 'project.json')) ?? {}
    const packageJson = packages.includes(root) ? readManifest(files, posix.join(root, 'package.json')) : undefined
    const nx = recordAt(packageJson, 'nx')
    return {
      kind: packageJson === undefined ? 'configured' : 'package',
      root,
      name: [configuration['name'], nx['name'], packageJson?.['name']].find((name) => typeof name === 'string'),
      manifest: posix.join(root, packageJson === undefined ? 'project.json' : 'package.json'),
      dependencies: packageNames(packageJson),
      implicitDependencies: [nx, configuration].flatMap((source) => stringsOf(source['implicitDependencies'])),
      namesProjects: namesProjects([configuration, packageJson]),
      targets: {},
      tags: packageJson === undefined ? [] : languageTags(packageJson),
    }
  })
}

/** Names of every package that a package.json depends on, whatever the kind. Sorted. */
export function packageNames(packageJson: Manifest | undefined): string[] {
  return sortedUnique(DEPENDENCIES.flatMap((kind) => Object.keys(recordAt(packageJson, kind))))
}

/** The lock file that Nx reads, and the npm packages that it makes nodes of. */
export function npmFacts(files: WorkspaceFiles): { lock: string | undefined; packages: ReadonlySet<string>; named: string[] } {
  const lock = NPM_LOCKS.find((name) => files.paths.includes(name))
  const root = readManifest(files, 'package.json')
  const named = packageNames(root)
  if (lock === undefined) return { lock: undefined, packages: new Set(), named }
  const locked = lock.endsWith('.json') ? recordAt(readManifest(files, lock), 'packages') : undefined
  const isNode = (name: string): boolean => {
    const entry = locked?.[`node_modules/${name}`]
    return locked === undefined ? isRegistryRange(root, name) : isRecord(entry) && entry['link'] !== true
  }
  return { lock, packages: new Set(named.filter(isNode)), named }
}

function isRegistryRange(root: Manifest | undefined, name: string): boolean {
  const range = DEPENDENCIES.map((kind) => recordAt(root, kind)[name]).find((value) => typeof value === 'string')
  return range !== undefined && !/^(workspace|link|file|portal):/.test(range)
}

function languageTags(packageJson: Manifest): string[] {
  return packageNames(packageJson).includes('vitepress') ? ['lang:docs', 'type:docs'] : ['lang:typescript']
}

function rootsOf(files: WorkspaceFiles, name: string): string[] {
  return files.paths.filter((path) => posix.basename(path) === name).map((path) => posix.dirname(path))
}

export function recordAt(value: Manifest | undefined, key: string): Manifest {
  const found = value?.[key]
  return isRecord(found) ? found : {}
}

function isRecord(value: unknown): value is Manifest {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function stringsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}
