import { globMatcher } from '@interlock/kit'
import type { ComposedGraph, ComposedProject, Input, WorkspaceFacts } from '../core/model.ts'
import { ownerOf } from '../core/directories.ts'

/** Facts of a workspace with nothing but what the test says. */
export function workspaceFacts(given: Partial<WorkspaceFacts> = {}): WorkspaceFacts {
  return {
    javascript: [],
    projectParents: new Set(),
    namingProjects: new Set(),
    closures: { state: 'absent' },
    npmPackages: new Set(['nx']),
    rootPackages: ['nx'],
    npmLock: 'package-lock.json',
    defaultInput: undefined,
    irrelevant: [],
    toolchains: { cargo: ['.'], python: [] },
    ...given,
  }
}

/** The tasks that Nx would select for a changed file outside of any JSON input, as `root:target`. Sorted. */
export function selectedBy(graph: ComposedGraph, file: string): string[] {
  const selected = graph.projects.flatMap((project) =>
    Object.keys(project.targets)
      .filter((target) => isSelected(graph, project, { target, file }))
      .map((target) => `${project.root}:${target}`),
  )
  return selected.sort()
}

/** The part of Nx's rules that the plugin relies on: per project one set of patterns in which any negation wins. */
function isSelected(graph: ComposedGraph, project: ComposedProject, { target, file }: { target: string; file: string }): boolean {
  const inputs = project.targets[target]?.inputs ?? []
  const owner = ownerOf(file, new Set(graph.projects.map(({ root }) => root).filter((root) => root !== '.'))) ?? '.'
  if (isPatternMatch(workspacePatterns(expand(project, inputs)), file)) return true
  return readProjects(graph, project, inputs).some(
    (other) => other.root === owner && isPatternMatch(projectPatterns(other), relative(other.root, file)),
  )
}

function expand(project: ComposedProject, inputs: readonly Input[]): Input[] {
  return inputs.flatMap((input) => (typeof input === 'string' ? (project.namedInputs[input] ?? [input]) : [input]))
}

function workspacePatterns(inputs: readonly Input[]): string[] {
  return inputs
    .filter((input) => typeof input === 'string')
    .filter((input) => input.includes('{workspaceRoot}/'))
    .map((input) => input.replace('{workspaceRoot}/', ''))
}

function projectPatterns(project: ComposedProject): string[] {
  const patterns = project.namedInputs['default'] ?? ['{projectRoot}/**/*']
  return patterns.filter((input) => typeof input === 'string').map((input) => input.replace('{projectRoot}/', ''))
}

function isPatternMatch(patterns: readonly string[], file: string): boolean {
  const matches = (glob: string): boolean => globMatcher(glob)(file)
  const negated = patterns.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1))
  return patterns.some((pattern) => !pattern.startsWith('!') && matches(pattern)) && !negated.some(matches)
}

function readProjects(graph: ComposedGraph, project: ComposedProject, inputs: readonly Input[]): ComposedProject[] {
  const roots = new Set<string>()
  if (inputs.includes('default')) roots.add(project.root)
  if (inputs.includes('^default')) for (const root of dependenciesOf(graph, project.root)) roots.add(root)
  for (const input of inputs) {
    if (typeof input === 'string' || !('projects' in input) || input.input !== 'default') continue
    for (const other of graph.projects) if (input.projects.includes(other.name)) roots.add(other.root)
  }
  return graph.projects.filter(({ root }) => roots.has(root))
}

function dependenciesOf(graph: ComposedGraph, root: string): Set<string> {
  const found = new Set<string>()
  const open = [root]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const { source, target } of graph.edges) {
      if (source !== next || found.has(target)) continue
      found.add(target)
      open.push(target)
    }
  }
  return found
}

function relative(root: string, file: string): string {
  return root === '.' ? file : file.slice(root.length + 1)
}
