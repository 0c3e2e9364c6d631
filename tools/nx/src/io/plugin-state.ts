import { createHash } from 'node:crypto'
import type { WorkspaceFiles } from '@interlock/kit'
import type { CreateNodesContext } from '@nx/devkit'
import { CLOSURES_FILE } from '../core/closures.ts'
import { composeGraph } from '../core/compose.ts'
import { isOnlyPresence } from '../core/config-files.ts'
import type { ComposedGraph } from '../core/model.ts'
import { projectParents } from './facts.ts'
import { type Findings, findingsOf, type GraphOptions, packagesWithTargets } from './graph.ts'
import { inferTargets } from './inferred.ts'
import { isRegularFile } from './workspace-files.ts'

interface Known {
  readonly filesKey: string
  readonly findings: Findings
  readonly graphKey: string
  readonly graph: ComposedGraph
}

/** One worker of Nx's daemon may serve one workspace after another. */
const byWorkspace = new Map<string, Known>()

/**
 * The graph of these files, from memory when nothing that it was made of has changed. A failure leaves nothing behind, so
 * that a daemon recovers with the next command.
 */
export async function graphOf(
  files: WorkspaceFiles,
  readOptions: () => GraphOptions,
  context: CreateNodesContext,
): Promise<ComposedGraph> {
  const { workspaceRoot: root } = context
  const known = byWorkspace.get(root)
  byWorkspace.delete(root)
  const options = readOptions()
  const { namedInputs, targetDefaults } = context.nxJsonConfiguration
  const filesKey = keyOf(files, [options, namedInputs, targetDefaults, isRegularFile(root, CLOSURES_FILE)])
  const findings = known?.filesKey === filesKey ? known.findings : findingsOf(files, options, context)
  const inferred = await inferTargets(files.paths, findings.facts.javascript, context)
  const parents = await projectParents(root, findings.results, findings.facts.javascript)
  const graphKey = `${filesKey} ${JSON.stringify([[...inferred], [...parents]])}`
  const graph = known?.graphKey === graphKey ? known.graph : compose()
  byWorkspace.set(root, { filesKey, findings, graphKey, graph })
  return graph

  function compose(): ComposedGraph {
    const javascript = packagesWithTargets(files, findings, { options, inferred })
    return composeGraph({ results: findings.results, facts: { ...findings.facts, javascript, projectParents: parents } })
  }
}

/** What was last built for a workspace, for the second half of the same graph construction. */
export function lastGraph(workspaceRoot: string): ComposedGraph | undefined {
  return byWorkspace.get(workspaceRoot)?.graph
}

export function lastFindings(workspaceRoot: string): Findings | undefined {
  return byWorkspace.get(workspaceRoot)?.findings
}

function keyOf(files: WorkspaceFiles, more: unknown): string {
  const hash = createHash('sha256').update(JSON.stringify(more) ?? '')
  for (const path of files.paths) hash.update(`${path}\0${isOnlyPresence(path) ? '' : files.digest(path)}\n`)
  return hash.digest('hex')
}
