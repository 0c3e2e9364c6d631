import { posix } from 'node:path'
import { globMatcher, byText, closureKey, type Ecosystem, InterlockError, sortedUnique } from '@interlock/kit'
import { CLOSURES_FILE, closureField, committedDigest, digestOf } from './closures.ts'
import { ownerOf } from './directories.ts'
import { type Directories, isGlob, leftOut } from './directory-inputs.ts'
import type { Input, Language, WorkspaceFacts } from './model.ts'
import { crossingsOf, type ProjectNode, reachOf } from './nodes.ts'

/**
 * Files outside projects that no tool of any language reads. Each entry narrows what a change runs: keep it short.
 * Documentation sites do read Markdown, so the first entry is not for them.
 */
const MARKDOWN = '**/*.md'
const HARMLESS: readonly string[] = ['.github/**/*', '.vscode/**/*', '.idea/**/*']

/** Files outside projects that only npm and the tools of TypeScript read. */
const JAVASCRIPT_FILES: readonly string[] = [
  '**/package.json',
  '**/package-lock.json',
  '**/pnpm-lock.yaml',
  '**/pnpm-workspace.yaml',
  '**/yarn.lock',
  '**/bun.lock',
  '.npmrc',
  '**/tsconfig*.json',
  'vitest.*.ts',
  '.oxlintrc.json',
  '.oxfmtrc.json',
]

/** Source folders of a package whose directory is the workspace root: no other project's, by Cargo's and Python's layout. */
const ROOT_SOURCES: readonly string[] = ['src/**/*', 'tests/**/*', 'benches/**/*', 'examples/**/*']

/** Parts of package.json that never decide what a task does; the packages themselves come in by npm's lock. */
const PACKAGE_JSON_WORDS = [
  'author',
  'dependencies',
  'description',
  'devDependencies',
  'keywords',
  'license',
  'optionalDependencies',
  'peerDependencies',
]

const ECOSYSTEMS: readonly Ecosystem[] = ['cargo', 'python']

/** What every node's inputs are computed from; made once per graph. */
export interface InputContext {
  readonly facts: WorkspaceFacts
  readonly roots: ReadonlySet<string>
  readonly directories: Directories
  /** Directories of two ecosystems. */
  readonly shared: ReadonlySet<string>
  readonly names: ReadonlyMap<string, string>
  readonly ownFiles: Readonly<Record<Language, readonly string[]>>
  /** Every lock file and root manifest that slices attribute to projects. */
  readonly attributed: readonly string[]
  /** Dev-dependencies that are no edges because they would close a cycle, by source directory. */
  readonly dropped: ReadonlyMap<string, readonly string[]>
  /** Project roots that make up the plugin itself, where this workspace is its home. */
  readonly pluginRoots: readonly string[]
}

export interface NodeInputs {
  /** The named input of the files outside projects. */
  readonly files: readonly string[]
  /** Attributed files in the project's own directory that its `default` leaves out. */
  readonly withoutOwn: readonly string[]
  /** Inputs of every target, after `default` and the files. */
  readonly always: readonly Input[]
  /** Inputs of the targets that read their dependencies: other projects, and the tools of other languages. */
  readonly dependencies: readonly Input[]
}

/**
 * The one place that decides which files a target's inputs leave out. A negation in Nx beats every other pattern, so
 * nothing else in the plugin may write one.
 */
export function inputsOf(node: ProjectNode, context: InputContext): NodeInputs {
  const reached = reachOf(node)
  const crossings = crossingsOf(node, reached)
  const negated = attributedFiles(node, crossings, context)
  const outside = outsideOf(node, reached)
  const rules = [...negated, ...languageRules(node, [...reached], context), ...harmless(node, context)]
  const allowed = rules.filter((rule) => !outside.some((path) => mayMatch(rule, path)))
  const projects = leftOut([node, ...crossings], outside, { ...context, isFresh: (one) => isFresh(one, context) })
  const files = sortedUnique([...projects.globs, ...allowed])
  return {
    files: ['{workspaceRoot}/**/*', ...files.map((glob) => `!{workspaceRoot}/${glob}`)],
    withoutOwn: ownAttributed(node.root, negated),
    always: [
      ...pluginInput(context),
      ...projectsInside(node, context),
      { externalDependencies: externalDependencies(node.language, context.facts) },
      ...closureInput([node, ...crossings], projects.fields, context),
      ...packageJsonInput(node.language, context.facts),
    ],
    dependencies: [...otherProjects(node, [...reached], { outside, context }), ...reachedTools(node, [...reached], context)],
  }
}

/**
 * `closures.json` is left out while it could be read; a lock or a root manifest while every slice that it feeds is the
 * committed one. Those that feed only other projects are left out always: closures.json speaks for them.
 */
function attributedFiles(node: ProjectNode, crossings: readonly ProjectNode[], context: InputContext): readonly string[] {
  const { facts, attributed } = context
  const needed = new Set<string>()
  for (const one of [node, ...crossings]) {
    const lock = one.reader?.lock
    if (lock === undefined || isFresh(one, context)) continue
    needed.add(lock.file)
    if (lock.rootManifest !== undefined) needed.add(lock.rootManifest)
  }
  const closures = facts.closures.state === 'read' ? [CLOSURES_FILE] : []
  return [...closures, ...attributed.filter((file) => !needed.has(file))]
}

/** Whether closures.json says of a project what its slice is. */
function isFresh({ reader }: ProjectNode, { facts, shared }: InputContext): boolean {
  if (reader?.lock === undefined) return false
  const { root, ecosystem } = reader
  return committedDigest(facts.closures, { root, ecosystem, shared: shared.has(root) }) === digestOf(reader)
}

/** Files of the languages that neither the node nor anything that it reaches is written in. */
function languageRules(node: ProjectNode, reached: readonly ProjectNode[], context: InputContext): string[] {
  const languages = new Set([node, ...reached].map((other) => other.language))
  const others = (Object.keys(context.ownFiles) as Language[]).filter((language) => !languages.has(language))
  const lock = node.language === 'javascript' ? npmRules(context.facts) : []
  const sources = context.roots.has('.') && node.root !== '.' ? ROOT_SOURCES : []
  return [...others.flatMap((language) => context.ownFiles[language]), ...lock, ...sources]
}

/** Nx attributes npm's lock itself, and the parts of package.json that matter are an input of their own. */
function npmRules(facts: WorkspaceFacts): string[] {
  return facts.npmLock === undefined ? [] : [facts.npmLock, 'package.json']
}

function harmless(node: ProjectNode, { facts }: InputContext): string[] {
  const markdown = node.language === 'javascript' ? [] : [MARKDOWN]
  return [...markdown, ...HARMLESS, ...facts.irrelevant]
}

/** Files outside the directory that the manifests of the node and of what it reaches say are read. */
function outsideOf(node: ProjectNode, reached: ReadonlySet<ProjectNode>): string[] {
  return sortedUnique([node, ...reached].flatMap((other) => other.reader?.outside ?? []))
}

/** Whether a rule may leave out a path or glob that is read. */
function mayMatch(rule: string, path: string): boolean {
  return isGlob(path) || globMatcher(rule)(path)
}

/** Attributed files inside the node's own directory, relative to it. */
function ownAttributed(root: string, files: readonly string[]): string[] {
  if (root === '.') return files.filter((file) => !file.includes('*'))
  return files.filter((file) => file.startsWith(`${root}/`)).map((file) => posix.relative(root, file))
}

/** Projects that are read although they are no dependencies in Nx's graph. */
function otherProjects(
  node: ProjectNode,
  reached: readonly ProjectNode[],
  { outside, context }: { readonly outside: readonly string[]; readonly context: InputContext },
): Input[] {
  const roots = new Set<string>()
  const direct = new Set(context.dropped.get(node.root))
  for (const other of reached) if (direct.has(other.root)) for (const far of [other, ...reachOf(other)]) roots.add(far.root)
  for (const path of outside) for (const root of ownersOf(path, context.roots)) roots.add(root)
  roots.delete(node.root)
  const projects = [...roots].map((root) => context.names.get(root) ?? '').filter((name) => name !== '')
  return projects.length === 0 ? [] : [{ input: 'default', projects: projects.sort(byText) }]
}

/** A wheel is built by the Rust toolchain, so what reaches it depends on that toolchain too. */
function reachedTools(node: ProjectNode, reached: readonly ProjectNode[], { facts }: InputContext): Input[] {
  return ECOSYSTEMS.filter((name) => name !== node.language && reached.some((other) => other.language === name)).map((name) =>
    toolchainInput(name, { cwd: '.', environment: undefined, program: undefined }, facts),
  )
}

/** The tools of Python and npm walk down from the project's directory, through the projects inside it as well. */
function projectsInside({ root, language }: ProjectNode, { roots, names }: InputContext): Input[] {
  if (language === 'cargo' || (language === 'javascript' && root === '.')) return []
  const isInside = (other: string): boolean => other !== root && (root === '.' || other.startsWith(`${root}/`))
  const inside = [...roots].filter(isInside).flatMap((other) => names.get(other) ?? [])
  return inside.length === 0 ? [] : [{ input: 'default', projects: inside.sort(byText) }]
}

/** The project that holds a path; for a glob every project that it may reach into. */
function ownersOf(path: string, roots: ReadonlySet<string>): string[] {
  if (!isGlob(path)) return [ownerOf(path, roots) ?? []].flat()
  const base = path
    .split('/')
    .filter((_, index, parts) => !parts.slice(0, index + 1).some(isGlob))
    .join('/')
  const inside = [...roots].filter((root) => base === '' || root.startsWith(`${base}/`))
  return [...inside, ...[base === '' ? [] : (ownerOf(base, roots) ?? [])].flat()]
}

/** The plugin is code that runs in every task, so its source is an input of every target. */
function pluginInput({ pluginRoots, names }: InputContext): Input[] {
  const projects = pluginRoots.flatMap((root) => names.get(root) ?? [])
  return projects.length === 0 ? [] : [{ input: PLUGIN_INPUT, projects: projects.sort(byText) }]
}

/** The named input that the plugin's own projects get: what runs, without tests. */
export const PLUGIN_INPUT = 'plugin'
export const PLUGIN_FILES: readonly string[] = [
  '{projectRoot}/**/*',
  '!{projectRoot}/**/*.test.ts',
  '!{projectRoot}/**/*.md',
  '!{projectRoot}/bench/**/*',
  '!{projectRoot}/fixtures/**/*',
]

/** Without this input Nx adds every external package of the graph to every target. */
function externalDependencies(language: Language, facts: WorkspaceFacts): string[] {
  const wanted = language === 'javascript' ? ['nx', ...facts.rootPackages] : ['nx']
  return sortedUnique(wanted.filter((name) => facts.npmPackages.has(name)))
}

function closureInput(nodes: readonly ProjectNode[], directories: readonly string[], { shared }: InputContext): Input[] {
  const slices = nodes.flatMap(({ reader }) =>
    reader?.lock === undefined
      ? []
      : [closureField({ root: reader.root, ecosystem: reader.ecosystem, shared: shared.has(reader.root) })],
  )
  const fields = [...slices, ...directories]
  for (const field of fields) expectReadable(field)
  return fields.length === 0 ? [] : [{ json: `{workspaceRoot}/${CLOSURES_FILE}`, fields: sortedUnique(fields) }]
}

/** Nx reads a field as a dotted path; one with a dot too many matches nothing and says nothing. */
function expectReadable(field: string): void {
  if (/^[A-Za-z0-9_@/~-]+(\.(cargo|python))?$/.test(field)) return
  throw new InterlockError('GRAPH_NAME_UNSAFE', `${JSON.stringify(field)} cannot be a field of ${CLOSURES_FILE}`)
}

function packageJsonInput(language: Language, facts: WorkspaceFacts): Input[] {
  if (language !== 'javascript' || facts.npmLock === undefined) return []
  return [{ json: '{workspaceRoot}/package.json', excludeFields: PACKAGE_JSON_WORDS }]
}

/** What chooses the interpreter, where it is not uv. */
const PYTHON_LAUNCHERS: ReadonlyMap<string, string> = new Map([
  ['python', 'python-on-path'],
  ['poetry', 'poetry'],
])

/** The script that prints what a language's tools are; a change of them changes the hash. */
export function toolchainInput(
  ecosystem: Ecosystem,
  place: { cwd: string; environment: string | undefined; program: string | undefined },
  facts: WorkspaceFacts,
): Input {
  const folders = new Set(facts.toolchains[ecosystem])
  const language = ecosystem === 'cargo' ? 'rust' : (PYTHON_LAUNCHERS.get(place.program ?? '') ?? 'python')
  // Poetry has an environment for each project, in a folder of its own.
  const folder = language === 'poetry' ? place.cwd : (ownerOf(place.cwd, folders) ?? '.')
  const words = [language, closureKey(folder)]
  if (place.environment !== undefined) words.push(closureKey(place.environment))
  return { runtime: `node node_modules/@interlock/nx/bin/identity.mjs ${words.join(' ')}` }
}

/** Files by language for `InputContext.ownFiles`. */
export function ownFilesOf(
  results: readonly { ecosystem: Ecosystem; ownFiles: readonly string[] }[],
): Record<Language, readonly string[]> {
  const files: Record<Language, readonly string[]> = { cargo: [], javascript: JAVASCRIPT_FILES, python: [] }
  for (const result of results) files[result.ecosystem] = result.ownFiles
  return files
}

/** Refuses a declaration that would hide what the graph itself stands on. */
export function expectHarmless(irrelevant: readonly string[], read: readonly string[]): void {
  for (const glob of irrelevant) {
    const matches = globMatcher(glob)
    const hidden = [CLOSURES_FILE, 'interlock.yaml', 'nx.json', ...read].find((file) => matches(file))
    if (hidden === undefined) continue
    throw new InterlockError(
      'CONFIG_INVALID',
      `graph.irrelevant: ${JSON.stringify(glob)} matches ${hidden}, which decides what runs`,
      {
        file: 'interlock.yaml',
        hint: 'name only files that no task reads',
      },
    )
  }
}
