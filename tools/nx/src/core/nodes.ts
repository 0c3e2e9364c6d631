import {
  globMatcher,
  type Ecosystem,
  InterlockError,
  type ProjectEdge,
  type ReaderProject,
  type ReaderResult,
} from '@interlock/kit'
import type { JavaScriptProject, Language } from './model.ts'

export interface NodeEdge {
  readonly to: ProjectNode
  readonly kind: ProjectEdge['kind']
  /** Nx finds this edge itself (`implicitDependencies`, package.json), so the plugin does not report it. */
  readonly known: boolean
}

/** One language's share of a project directory. */
export interface ProjectNode {
  readonly root: string
  readonly language: Language
  readonly manifest: string
  readonly reader: ReaderProject | undefined
  readonly edges: NodeEdge[]
}

export type NodeGraph = ReadonlyMap<string, ProjectNode>

export function nodeKey(root: string, language: Language): string {
  return `${language}:${root}`
}

/** All nodes with their edges: what the readers found, and what package.json and project.json add. */
export function buildNodes(
  results: readonly ReaderResult[],
  javascript: readonly JavaScriptProject[],
  names: ReadonlyMap<string, string>,
): NodeGraph {
  const nodes = new Map<string, ProjectNode>()
  const add = (node: Omit<ProjectNode, 'edges'>): void => {
    nodes.set(nodeKey(node.root, node.language), { ...node, edges: [] })
  }
  for (const result of results)
    for (const project of result.projects)
      add({ root: project.root, language: result.ecosystem, manifest: project.manifest, reader: project })
  const read = new Set([...nodes.values()].map((node) => node.root))
  for (const project of javascript) {
    if (project.kind === 'package' || !read.has(project.root))
      add({ root: project.root, language: 'javascript', manifest: project.manifest, reader: undefined })
  }
  for (const node of nodes.values()) addReaderEdges(node, nodes)
  for (const project of javascript) addJavaScriptEdges(project, nodes, names)
  return nodes
}

function addReaderEdges(node: ProjectNode, nodes: NodeGraph): void {
  for (const edge of node.reader?.dependencies ?? []) {
    const to = nodes.get(nodeKey(edge.root, edge.ecosystem))
    if (to === undefined) {
      throw new InterlockError('GRAPH_EDGE_UNKNOWN', `depends on ${edge.root}, which is no ${LABEL[edge.ecosystem]} project`, {
        file: node.manifest,
        hint: 'is the directory ignored by git, or excluded from the plugin in nx.json?',
      })
    }
    if (to !== node) node.edges.push({ to, kind: edge.kind, known: false })
  }
}

const LABEL: Readonly<Record<Ecosystem, string>> = { cargo: 'Rust', python: 'Python' }

/** `implicitDependencies` hold for every language in the directory. */
function addJavaScriptEdges(project: JavaScriptProject, nodes: NodeGraph, names: ReadonlyMap<string, string>): void {
  const here = [...nodes.values()].filter((node) => node.root === project.root)
  const script = nodes.get(nodeKey(project.root, 'javascript'))
  const named = selectNames(project.implicitDependencies, names)
  const packages = new Set(project.dependencies)
  if (named.size === 0 && packages.size === 0) return
  for (const to of nodes.values()) {
    const name = names.get(to.root) ?? ''
    if (to.root === project.root) continue
    if (named.has(name)) for (const from of here) from.edges.push({ to, kind: 'normal', known: true })
    else if (to.language === 'javascript' && packages.has(name)) script?.edges.push({ to, kind: 'normal', known: true })
  }
}

function selectNames(patterns: readonly string[], names: ReadonlyMap<string, string>): ReadonlySet<string> {
  const selected = new Set<string>()
  for (const pattern of patterns) {
    const negated = pattern.startsWith('!')
    const matches = globMatcher(negated ? pattern.slice(1) : pattern)
    for (const name of names.values()) {
      if (!matches(name)) continue
      if (negated) selected.delete(name)
      else selected.add(name)
    }
  }
  return selected
}

/** Everything that a node needs: its own dependencies of all kinds, and of what it reaches the normal and build ones. */
export function reachOf(node: ProjectNode): ReadonlySet<ProjectNode> {
  const reached = new Set<ProjectNode>()
  const open = node.edges.map((edge) => edge.to)
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next === node || reached.has(next)) continue
    reached.add(next)
    for (const edge of next.edges) if (edge.kind !== 'dev') open.push(edge.to)
  }
  return reached
}

/**
 * The nodes by which a node enters another language. Its own slice says nothing about their locks, and each of theirs
 * covers what lies behind it in the same language.
 */
export function crossingsOf(node: ProjectNode, reached: ReadonlySet<ProjectNode>): ProjectNode[] {
  const found = new Set<ProjectNode>()
  for (const from of [node, ...reached]) {
    for (const edge of from.edges) {
      const counts = from === node || edge.kind !== 'dev'
      if (counts && edge.to.language !== from.language && edge.to !== node) found.add(edge.to)
    }
  }
  return [...found]
}
