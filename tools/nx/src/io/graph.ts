import { readCargo } from '@interlock/cargo'
import { InterlockError, type ReaderResult, type WorkspaceFiles } from '@interlock/kit'
import { readPython } from '@interlock/python'
import type { CreateNodesContext } from '@nx/devkit'
import { packageTargets } from '../core/javascript.ts'
import type { JavaScriptProject, WorkspaceFacts } from '../core/model.ts'
import { groupBy } from '../core/names.ts'
import { type GraphSection, type PluginOptions, readerOptions } from '../core/options.ts'
import { readManifest } from '../core/packages.ts'
import { withWayOut } from '../core/way-out.ts'
import { factsOf } from './facts.ts'
import type { InferredTargets } from './inferred.ts'

export interface GraphOptions {
  readonly plugin: PluginOptions
  /** The section `graph` of interlock.yaml. */
  readonly section: GraphSection
}

/** Everything that the composition takes from configuration files: the same files, the same findings. */
export interface Findings {
  readonly results: readonly ReaderResult[]
  readonly facts: Omit<WorkspaceFacts, 'projectParents'>
}

/** What both readers find. Throws `InterlockError` that names file, line and reason. */
export function readWorkspace(files: WorkspaceFiles, options: GraphOptions): readonly ReaderResult[] {
  const given = readerOptions(options.plugin, options.section)
  try {
    return [readCargo(files, given), readPython(files, given)]
  } catch (error) {
    throw withWayOut(error)
  }
}

export function findingsOf(files: WorkspaceFiles, options: GraphOptions, context: CreateNodesContext): Findings {
  const results = readWorkspace(files, options)
  const facts = factsOf(files, { root: context.workspaceRoot, section: options.section, nxJson: context.nxJsonConfiguration })
  expectProjects(files, results, facts.javascript)
  return { results, facts }
}

/** The npm packages with their targets. */
export function packagesWithTargets(
  files: WorkspaceFiles,
  { facts, results }: Findings,
  { options, inferred }: { readonly options: GraphOptions; readonly inferred: InferredTargets },
): JavaScriptProject[] {
  const tools = {
    rootPackages: facts.rootPackages,
    rootFiles: files.paths,
    allowNoTests: readerOptions(options.plugin, options.section).allowNoTests,
    targets: options.plugin.targets,
  }
  const readers = groupBy(
    results.flatMap((result) => result.projects),
    ({ root }) => root,
  )
  return facts.javascript.map((project) => {
    const packageJson = project.kind === 'package' ? readManifest(files, project.manifest) : undefined
    if (packageJson === undefined) return project
    const found = inferred.get(project.root) ?? {}
    const others = new Set((readers.get(project.root) ?? []).flatMap(({ targets }) => Object.keys(targets)))
    return { ...project, targets: packageTargets(project, packageJson, { inferred: found, tools, others }) }
  })
}

/** A workspace whose manifests all fell out of the graph would run nothing and call it success. */
function expectProjects(files: WorkspaceFiles, results: readonly ReaderResult[], javascript: readonly JavaScriptProject[]): void {
  if (javascript.length > 0 || results.some((result) => result.projects.length > 0)) return
  const manifest = files.paths.find((path) => /(^|\/)(Cargo\.toml|pyproject\.toml)$/.test(path))
  if (manifest === undefined) return
  throw new InterlockError('GRAPH_EMPTY', 'there are manifests, but none of them makes a project', {
    file: manifest,
    hint: 'add a [package] or [project] table, or remove @interlock/nx/plugin from nx.json',
  })
}
