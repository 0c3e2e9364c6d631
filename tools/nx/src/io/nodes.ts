import type {
  CreateDependenciesContext,
  CreateNodesContext,
  CreateNodesResult,
  CreateNodesResultArray,
  ProjectConfiguration,
  RawProjectGraphDependency,
} from '@nx/devkit'
import { DependencyType } from '@nx/devkit'
import { listedFiles } from '@interlock/kit/nx'
import { CONFIG_GLOB, configFilesAmong, registrationOf } from '../core/config-files.ts'
import type { ComposedGraph, ComposedProject } from '../core/model.ts'
import { expectHonestExecutors } from '../core/refused-executors.ts'
import { atRest } from './at-rest.ts'
import { graphOf, lastGraph } from './plugin-state.ts'
import { settingsOf } from './settings.ts'

/** Projects and external packages, as Nx's `createNodes` returns them. */
export async function createNodes(
  _matched: readonly string[],
  options: unknown,
  context: CreateNodesContext,
): Promise<CreateNodesResultArray> {
  const listed = await listedFiles(context.workspaceRoot, [CONFIG_GLOB])
  return nodesOf(configFilesAmong(listed, registrationOf(context.nxJsonConfiguration)), options, context)
}

/** The same of the configuration files that were listed a moment before. */
export async function nodesOf(
  listed: readonly string[],
  options: unknown,
  context: CreateNodesContext,
): Promise<CreateNodesResultArray> {
  const graph = await atRest(context.workspaceRoot, listed, async (files) =>
    graphOf(files, () => settingsOf(files, options), context),
  )
  return graph.projects.map((project, index) => [project.manifest, nodeOf(project, index === 0 ? graph : undefined)])
}

function nodeOf(project: ComposedProject, graph: ComposedGraph | undefined): CreateNodesResult {
  const { root, name, projectType, tags, namedInputs, targets } = project
  const configuration = { name, tags, namedInputs, targets, ...(projectType === undefined ? {} : { projectType }) }
  return {
    projects: { [root]: configuration as unknown as ProjectConfiguration },
    ...(graph === undefined ? {} : { externalNodes: externalNodesOf(graph) }),
  }
}

function externalNodesOf(graph: ComposedGraph): NonNullable<CreateNodesResult['externalNodes']> {
  return Object.fromEntries(
    graph.externals.map(({ key, name, version, checksum }) => {
      const type = key.slice(0, key.indexOf(':'))
      const data = { packageName: name, version, ...(checksum === undefined ? {} : { hash: checksum }) }
      return [key, { type, name: key as `npm:${string}`, data }]
    }),
  )
}

/** Edges between projects and to external packages, as Nx's `createDependencies` returns them. */
export async function createDependencies(
  _options: unknown,
  context: CreateDependenciesContext,
): Promise<RawProjectGraphDependency[]> {
  expectHonestExecutors(context.projects)
  const graph = lastGraph(context.workspaceRoot)
  if (graph === undefined) return []
  const names = new Map(Object.entries(context.projects).map(([name, project]) => [project.root, name]))
  const known = new Set(graph.externals.map((external) => external.key))
  const from = (root: string): string => names.get(root) ?? root
  return [
    ...graph.edges.map(({ source, target, file }) => staticEdge(from(source), from(target), file)),
    ...graph.externalEdges
      .filter(({ target }) => known.has(target))
      .map(({ source, target, file }) => staticEdge(from(source), target, file)),
    ...graph.externals.flatMap(({ key, dependencies }) =>
      dependencies.filter((target) => known.has(target)).map((target) => externalEdge(key, target)),
    ),
  ]
}

function staticEdge(source: string, target: string, sourceFile: string): RawProjectGraphDependency {
  return { source, target, sourceFile, type: DependencyType.static }
}

function externalEdge(source: string, target: string): RawProjectGraphDependency {
  return { source, target, type: DependencyType.static }
}
