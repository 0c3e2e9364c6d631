import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { listedFiles, workspacePackages } from '@interlock/kit/nx'
import type { Ecosystem, ReaderResult, WorkspaceFiles } from '@interlock/kit'
import { CLOSURES_FILE, type CommittedClosures, readClosures } from '../core/closures.ts'
import { parentDirectories, projectParentsAmong, strayFiles } from '../core/directories.ts'
import type { Input, JavaScriptProject, WorkspaceFacts } from '../core/model.ts'
import type { GraphSection } from '../core/options.ts'
import { namesProjects } from '../core/naming-projects.ts'
import { javascriptProjects, npmFacts } from '../core/packages.ts'
import { isRegularFile, listVisibleFiles } from './workspace-files.ts'

export interface FactsOptions {
  readonly root: string
  readonly section: GraphSection
  /** The parts of nx.json that shape every project's targets. */
  readonly nxJson: { readonly namedInputs?: Readonly<Record<string, unknown>> | undefined; readonly targetDefaults?: unknown }
}

/** What the composition has to know besides manifests and locks. The JavaScript projects have no targets yet. */
export function factsOf(files: WorkspaceFiles, { root, section, nxJson }: FactsOptions): Omit<WorkspaceFacts, 'projectParents'> {
  const npm = npmFacts(files)
  const javascript = javascriptProjects(files, workspacePackages(root))
  return {
    javascript,
    namingProjects: namingProjects(files, javascript, nxJson),
    closures: committedClosures(root, files),
    npmPackages: npm.packages,
    npmLock: npm.lock,
    rootPackages: npm.named,
    defaultInput: nxJson.namedInputs?.['default'] as readonly Input[] | undefined,
    irrelevant: section.irrelevant,
    toolchains: { cargo: foldersOf(files, CHOICES.cargo), python: foldersOf(files, CHOICES.python) },
  }
}

function namingProjects(
  files: WorkspaceFiles,
  javascript: readonly JavaScriptProject[],
  nxJson: FactsOptions['nxJson'],
): ReadonlySet<string> {
  // What nx.json says of all projects each of them has.
  const everywhere = namesProjects([nxJson.namedInputs, nxJson.targetDefaults])
  if (everywhere) return new Set(files.paths.map((path) => posix.dirname(path)))
  return new Set(javascript.filter((project) => project.namesProjects).map((project) => project.root))
}

/** The committed closures.json. A file that Nx does not list, or that is a link, counts as damaged. */
export function committedClosures(root: string, files: WorkspaceFiles): CommittedClosures {
  if (!files.paths.includes(CLOSURES_FILE)) return { state: 'absent' }
  if (!isRegularFile(root, CLOSURES_FILE)) return { state: 'damaged', reason: 'it is not a regular file' }
  return readClosures(readFileSync(join(root, CLOSURES_FILE), 'utf8'))
}

const CHOICES: Readonly<Record<Ecosystem, readonly string[]>> = {
  cargo: ['rust-toolchain', 'rust-toolchain.toml'],
  python: ['.python-version'],
}

function foldersOf(files: WorkspaceFiles, names: readonly string[]): string[] {
  return files.paths.filter((path) => names.includes(posix.basename(path))).map((path) => posix.dirname(path))
}

/** Directories of projects below which Nx lists no file of a folder that is no project. */
export async function projectParents(
  root: string,
  results: readonly ReaderResult[],
  javascript: readonly JavaScriptProject[],
): Promise<ReadonlySet<string>> {
  const roots = rootsOf(results, javascript)
  const known = new Set(roots)
  const folders = parentDirectories(roots).flatMap((parent) => foldersIn(root, parent).filter((folder) => !known.has(folder)))
  const globs = folders.map((folder) => `${escapeGlob(folder)}/**/*`)
  return projectParentsAmong(roots, globs.length === 0 ? [] : await listedFiles(root, globs))
}

/**
 * The same as git lists the files, for what is committed: what a person's own git ignores, such as the folder of an editor,
 * must not decide it.
 */
export function committableParents(root: string, files: WorkspaceFiles, results: readonly ReaderResult[]): ReadonlySet<string> {
  const roots = rootsOf(results, javascriptProjects(files, workspacePackages(root)))
  const strays = strayFiles(roots, listVisibleFiles(root))
  return projectParentsAmong(
    roots,
    strays.filter((path) => existsSync(join(root, path))),
  )
}

function rootsOf(results: readonly ReaderResult[], javascript: readonly JavaScriptProject[]): string[] {
  return [...results.flatMap((result) => result.projects), ...javascript].map((project) => project.root)
}

function foldersIn(root: string, parent: string): string[] {
  const folder = join(root, parent)
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => posix.join(parent, entry.name))
}

function escapeGlob(path: string): string {
  return path.replace(/[*?[\]{}()!\\]/g, '?')
}
