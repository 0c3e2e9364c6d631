import { posix } from 'node:path'
import { globMatcher } from '@interlock/kit'
import { ownerOf } from './directories.ts'
import type { Finding, ProjectFacts, Rule } from './doctor.ts'

/** A file of Rust that names another file to be compiled in. */
export interface SourceRead {
  readonly source: string
  /** Workspace-relative path of what is read. */
  readonly path: string
}

/** Literals of `include_str!`, `include_bytes!`, `include!` and `#[path]`: what the compiler reads besides modules. */
export function sourceReads(source: string, text: string): SourceRead[] {
  const literals = [...text.matchAll(/\binclude(?:_str|_bytes)?!\s*\(\s*"([^"\\\n]+)"|#!?\[path\s*=\s*"([^"\\\n]+)"/g)]
  return literals
    .map(([, included, path]) => ({ source, path: posix.join(posix.dirname(source), included ?? path ?? '') }))
    .filter(({ path }) => !path.startsWith('../'))
}

/** Nx knows what a manifest says. What only a source says is compiled in all the same. */
const readsOutside: Rule = ({ projects, reads }) => {
  const roots = new Set((projects ?? []).map(({ root }) => root))
  const outside = reads.filter(({ source, path }) => ownerOf(source, roots) !== ownerOf(path, roots))
  const hidden = outside.filter(({ source, path }) => !isReached(path, source, { roots, projects: projects ?? [] }))
  return hidden.length === 0
    ? []
    : [
        {
          rule: 'reads-outside',
          severity: 'warning',
          message: 'sources read files that no input of their project holds: a change of those runs nothing here',
          evidence: hidden.map(({ source, path }) => `${source} reads ${path}`),
          fix: 'list the file in `package.include` of the Cargo.toml, or move it into the project',
        },
      ]
}

interface Graph {
  readonly roots: ReadonlySet<string>
  readonly projects: readonly ProjectFacts[]
}

/** Whether the tests of a source's project have the file among their inputs: by a dependency, by name, or as a shared file. */
function isReached(path: string, source: string, { roots, projects }: Graph): boolean {
  const at = (root: string | undefined): ProjectFacts | undefined => projects.find((project) => project.root === (root ?? '.'))
  const reader = at(ownerOf(source, roots))
  if (reader === undefined) return true
  const inputs = reader.targets['test']?.inputs ?? []
  const owner = ownerOf(path, roots)
  if (owner === undefined) return !isLeftOut(path, inputs, reader)
  const name = at(owner)?.name ?? ''
  return reachedFrom(reader, projects).has(name) || inputs.some((input) => namesProject(input, name))
}

function isLeftOut(path: string, inputs: readonly unknown[], { namedInputs }: ProjectFacts): boolean {
  const patterns = inputs.flatMap((input) => (typeof input === 'string' ? (namedInputs[input] ?? []) : []))
  return patterns.some(
    (pattern) =>
      typeof pattern === 'string' &&
      pattern.startsWith('!{workspaceRoot}/') &&
      globMatcher(pattern.slice('!{workspaceRoot}/'.length))(path),
  )
}

function namesProject(input: unknown, name: string): boolean {
  const { projects } = (typeof input === 'object' && input !== null ? input : {}) as { readonly projects?: unknown }
  return Array.isArray(projects) && projects.includes(name)
}

function reachedFrom(project: ProjectFacts, projects: readonly ProjectFacts[]): ReadonlySet<string> {
  const byName = new Map(projects.map((other) => [other.name, other]))
  const found = new Set<string>()
  const open = [...project.dependencies]
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (found.has(name)) continue
    found.add(name)
    open.push(...(byName.get(name)?.dependencies ?? []))
  }
  return found
}

/** Git shows a tracked file to everyone, and Nx leaves out what is ignored: an edit of such a file selects nothing. */
const ignoredTracked: Rule = ({ ignoredTracked: evidence }) =>
  evidence.length === 0
    ? []
    : [
        {
          rule: 'ignored-tracked',
          severity: 'error',
          message: `${evidence.length} tracked files are ignored by .gitignore: Nx does not see them, so a change of one runs nothing`,
          evidence,
          fix: 'take them out of .gitignore (a line with "!"), or out of git',
        },
      ]

const TEST_FILE = /(?:^|\/)(?:tests?\/.+\.py|test_[^/]*\.py|[^/]+_test\.py)$/

/** Tests that no target runs are neither green nor red: they are forgotten. */
const testsWithoutTarget: Rule = ({ projects, trackedFiles }) => {
  const roots = new Set((projects ?? []).map(({ root }) => root))
  return (projects ?? []).flatMap((project): Finding[] => {
    if (!project.tags.includes('lang:python') || Object.keys(project.targets).some((name) => name.startsWith('test'))) return []
    const evidence = trackedFiles.filter((file) => TEST_FILE.test(file) && (ownerOf(file, roots) ?? '.') === project.root)
    if (evidence.length === 0) return []
    return [
      {
        rule: 'tests-without-target',
        severity: 'warning',
        message: `${project.name} has tests, but no target that runs them`,
        evidence,
        fix: 'add pytest to a dependency group of the project or of the workspace, or a [tool.pytest.ini_options] table',
      },
    ]
  })
}

/** Rules about files that are read or run although no target of a project has them. */
export const readRules: readonly Rule[] = [readsOutside, ignoredTracked, testsWithoutTarget]
