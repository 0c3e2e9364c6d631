import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { type ReaderResult, runProcess, type WorkspaceFiles } from '@interlock/kit'
import { nxVersion } from '@interlock/kit/nx'
import type { Tree } from '@nx/devkit'
import { type ClosureTable, closuresOf, renderClosures } from '../core/closures.ts'
import { composeGraph } from '../core/compose.ts'
import { INIT_FILES, type InitFacts, type InitFile } from '../core/init-plan.ts'
import type { GraphSection } from '../core/options.ts'
import { committableParents, factsOf } from './facts.ts'
import { trackedFiles } from './git.ts'
import { readWorkspace } from './graph.ts'
import { settingsOf } from './settings.ts'
import { workspaceFilesOnDisk } from './workspace-files.ts'

interface Manifest {
  readonly version: string
  readonly engines?: { readonly node?: string }
}

/** What `init` must know of the repository. Throws what the readers throw for a manifest that is broken. */
export async function initFacts(tree: Tree): Promise<InitFacts> {
  const { files, results } = readGraph(tree.root)
  const own = readManifest(join(import.meta.dirname, '..', '..', 'package.json'))
  const devkit = createRequire(join(import.meta.dirname, 'init-facts.js')).resolve('@nx/devkit/package.json')
  return {
    texts: presentTexts(tree),
    defaultBranch: await defaultBranch(tree.root),
    versions: { '@interlock/nx': own.version, '@nx/devkit': readManifest(devkit).version, nx: nxVersion() },
    engines: own.engines?.node ?? '*',
    projects: Object.fromEntries(results.map(({ ecosystem, projects }) => [ecosystem, projects.length])),
    tracked: await trackedFiles(tree.root),
    closures: renderClosures(closuresOf(results, committableParents(tree.root, files, results))),
  }
}

/** The projects as they are on disk now, once it is certain that they make a graph. */
function readGraph(root: string): { files: WorkspaceFiles; results: readonly ReaderResult[] } {
  const { files, section, results } = readDisk(root)
  const facts = factsOf(files, { root, section, nxJson: {} })
  composeGraph({ results, facts: { ...facts, projectParents: new Set() } })
  return { files, results }
}

/** What closures.json would say of the workspace as it is on disk now. */
export function closuresOnDisk(root: string): ClosureTable {
  const { files, results } = readDisk(root)
  return closuresOf(results, committableParents(root, files, results))
}

function readDisk(root: string): { files: WorkspaceFiles; section: GraphSection; results: readonly ReaderResult[] } {
  const files = workspaceFilesOnDisk(root)
  const settings = settingsOf(files, undefined)
  return { files, section: settings.section, results: readWorkspace(files, settings) }
}

function presentTexts(tree: Tree): Partial<Record<InitFile, string>> {
  const texts = INIT_FILES.map((path) => [path, tree.read(path, 'utf8')] as const)
  return Object.fromEntries(texts.filter(([, text]) => text !== null))
}

/** The branch that others start from: the remote's, else `main` or `master`, else the one that is checked out. */
async function defaultBranch(root: string): Promise<string> {
  const remote = await gitLine(root, ['symbolic-ref', '--short', 'refs/remotes/origin/HEAD'])
  if (remote !== undefined) return remote.slice(remote.indexOf('/') + 1)
  for (const name of ['main', 'master']) {
    if ((await gitLine(root, ['rev-parse', '--verify', '--quiet', `refs/heads/${name}`])) !== undefined) return name
  }
  return (await gitLine(root, ['symbolic-ref', '--short', 'HEAD'])) ?? 'main'
}

async function gitLine(root: string, args: readonly string[]): Promise<string | undefined> {
  const result = await runProcess(['git', ...args], { cwd: root })
  return result.kind === 'exited' && result.status === 0 ? result.stdout.trim() : undefined
}

function readManifest(path: string): Manifest {
  return JSON.parse(readFileSync(path, 'utf8')) as Manifest
}
