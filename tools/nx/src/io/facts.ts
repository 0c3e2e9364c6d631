import { readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { listedFiles, workspacePackages } from '@interlock/kit/nx'
import type { Ecosystem, ReaderResult, WorkspaceFiles } from '@interlock/kit'
import { CLOSURES_FILE, type CommittedClosures, readClosures } from '../core/closures.ts'
import { starParents } from '../core/directories.ts'
import type { Input, JavaScriptProject, WorkspaceFacts } from '../core/model.ts'
import type { GraphSection } from '../core/options.ts'
import { javascriptProjects, npmFacts } from '../core/packages.ts'
import { isRegularFile } from './workspace-files.ts'

export interface FactsOptions {
  readonly root: string
  readonly section: GraphSection
  /** `namedInputs.default` of nx.json. */
  readonly defaultInput: readonly Input[] | undefined
}

/** What the composition has to know besides manifests and locks. The JavaScript projects have no targets yet. */
export function factsOf(
  files: WorkspaceFiles,
  { root, section, defaultInput }: FactsOptions,
): Omit<WorkspaceFacts, 'mixedParents'> {
  const npm = npmFacts(files)
  return {
    javascript: javascriptProjects(files, workspacePackages(root)),
    closures: committedClosures(root, files),
    npmPackages: npm.packages,
    npmLock: npm.lock,
    rootPackages: npm.named,
    defaultInput,
    irrelevant: section.irrelevant,
    toolchains: { cargo: foldersOf(files, CHOICES.cargo), python: foldersOf(files, CHOICES.python) },
  }
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

/** Parent directories of projects below which Nx lists a file that no project's directory holds. */
export async function mixedParents(
  root: string,
  results: readonly ReaderResult[],
  javascript: readonly JavaScriptProject[],
): Promise<ReadonlySet<string>> {
  const roots = [...results.flatMap((result) => result.projects), ...javascript].map((project) => project.root)
  const known = new Set(roots)
  const mixed = new Set<string>()
  for (const parent of starParents(roots)) {
    const strays = foldersIn(join(root, parent)).filter((name) => !known.has(posix.join(parent, name)))
    if (strays.length === 0) continue
    const listed = await listedFiles(
      root,
      strays.map((name) => `${escapeGlob(posix.join(parent, name))}/**/*`),
    )
    if (listed.length > 0) mixed.add(parent)
  }
  return mixed
}

function foldersIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
}

function escapeGlob(path: string): string {
  return path.replace(/[*?[\]{}()!\\]/g, '?')
}
