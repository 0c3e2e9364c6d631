import { by, type ReaderProject, sortedUnique } from '@interlock/kit'
import { sharedRoots } from './closures.ts'
import { type DirectoryEdge, directoryEdges } from './cycles.ts'
import { directoriesOf } from './directory-inputs.ts'
import { expectHarmless, type InputContext, inputsOf, type NodeInputs, ownFilesOf, PLUGIN_FILES, PLUGIN_INPUT } from './inputs.ts'
import { widenTargets } from './javascript.ts'
import { JOINT_FILES, jointFiles, joinTargets } from './join-targets.ts'
import type { ComposedEdge, ComposedGraph, ComposedProject, ComposeInput, Input, Language, Target } from './model.ts'
import { groupBy, projectNames } from './names.ts'
import { buildNodes, nodeKey, type NodeGraph, type ProjectNode } from './nodes.ts'
import { pluginRoots } from './plugin-roots.ts'
import { targetsOf } from './targets.ts'

/** The task graph of a workspace, from what the readers found and what is known besides. Same input, same graph. */
export function composeGraph({ results, facts }: ComposeInput): ComposedGraph {
  const readers = results.flatMap((result) => result.projects)
  const names = projectNames(readers, facts.javascript)
  const nodes = buildNodes(results, facts.javascript, names)
  const { kept, dropped } = directoryEdges(nodes)
  const attributed = attributedFiles(readers)
  expectHarmless(facts.irrelevant, [...attributed, ...readers.map((project) => project.manifest), 'package.json'])
  const roots = [...new Set([...nodes.values()].map((node) => node.root))]
  const context: InputContext = {
    facts,
    roots: new Set(roots),
    directories: directoriesOf(roots, facts),
    shared: sharedRoots(results),
    names,
    ownFiles: ownFilesOf(results),
    attributed,
    dropped: new Map(
      [...groupBy(dropped, (edge) => edge.source)].map(([root, edges]) => [root, edges.map((edge) => edge.target)]),
    ),
    pluginRoots: pluginRoots(facts.javascript),
  }
  return {
    projects: roots.map((root) => composeProject(root, nodes, context)).sort(by((project) => project.root)),
    edges: kept.filter((edge) => !edge.known).map(edgeOf),
    externals: [...new Map(results.flatMap((result) => result.externals.map((external) => [external.key, external]))).values()],
    externalEdges: readers.flatMap(({ root, manifest, externals }) =>
      externals.map((target) => ({ source: root, target, file: manifest })),
    ),
  }
}

/** Every lock file and root manifest that slices attribute to projects. */
function attributedFiles(readers: readonly ReaderProject[]): string[] {
  return sortedUnique(readers.flatMap(({ lock }) => (lock === undefined ? [] : [lock.file, lock.rootManifest ?? []].flat())))
}

function composeProject(root: string, nodes: NodeGraph, context: InputContext): ComposedProject {
  const here = LANGUAGES.flatMap((language) => nodes.get(nodeKey(root, language)) ?? [])
  const parts = here.map((node) => ({ node, inputs: inputsOf(node, context), filesInput: FILES_INPUT[node.language] }))
  const script = context.facts.javascript.find((project) => project.root === root)
  const name = context.names.get(root) ?? root
  const shared = here.filter((node) => node.reader !== undefined).length > 1
  const byLanguage = new Map<Language, Readonly<Record<string, Target>>>()
  for (const { node, inputs, filesInput } of parts) {
    const targets =
      node.reader === undefined
        ? widenTargets(script?.targets ?? {}, { inputs, filesInput })
        : targetsOf(node.reader, { projectName: name, inputs, filesInput, shared, facts: context.facts })
    byLanguage.set(node.language, targets)
  }
  return {
    root,
    name,
    manifest: (here.find((node) => node.reader !== undefined) ?? here[0])?.manifest ?? root,
    projectType: projectTypeOf(here),
    tags: sortedUnique([...here.flatMap((node) => node.reader?.tags ?? []), ...(script?.tags ?? [])]),
    namedInputs: namedInputsOf(root, parts, context),
    targets: joinTargets(byLanguage, Object.values(FILES_INPUT)),
  }
}

const LANGUAGES: readonly Language[] = ['cargo', 'python', 'javascript']

/** Names of the named inputs with the files outside projects, as each language sees them. */
const FILES_INPUT: Readonly<Record<Language, string>> = {
  cargo: 'workspace-rust',
  javascript: 'workspace-javascript',
  python: 'workspace-python',
}

function projectTypeOf(nodes: readonly ProjectNode[]): 'library' | 'application' | undefined {
  const kinds = nodes.flatMap((node) => node.reader?.kind ?? [])
  if (kinds.length === 0) return undefined
  return kinds.includes('application') ? 'application' : 'library'
}

function namedInputsOf(
  root: string,
  parts: readonly { readonly node: ProjectNode; readonly inputs: NodeInputs; readonly filesInput: string }[],
  context: InputContext,
): Record<string, readonly Input[]> {
  const files = Object.fromEntries(parts.map(({ inputs, filesInput }) => [filesInput, inputs.files]))
  const leftOut = parts
    .map(({ inputs }) => inputs.withoutOwn)
    .reduce((some, other) => some.filter((file) => other.includes(file)))
  const own = leftOut.map((file) => `!{projectRoot}/${file}`)
  return {
    ...files,
    ...(parts.length > 1 ? { [JOINT_FILES]: jointFiles(parts.map(({ inputs }) => inputs.files)) } : {}),
    ...(own.length === 0 ? {} : { default: [...(context.facts.defaultInput ?? ['{projectRoot}/**/*']), ...own] }),
    ...(context.pluginRoots.includes(root) ? { [PLUGIN_INPUT]: PLUGIN_FILES } : {}),
  }
}

function edgeOf({ source, target, file }: DirectoryEdge): ComposedEdge {
  return { source, target, file }
}
