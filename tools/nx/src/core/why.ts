import { by, byText, sortedUnique } from '@interlock/kit'

/** What `nx affected --explain` says of one task, in the parts that are used here. */
export interface NxReason {
  readonly kind: string
  readonly file?: string
  readonly pattern?: string
  readonly package?: string
  readonly ecosystem?: string
  readonly producer?: string
}

/** The document that `nx affected --explain=<file>` writes. */
export interface NxExplanation {
  readonly affected: Readonly<Record<string, readonly NxReason[]>>
  readonly upstream?: Readonly<Record<string, readonly NxReason[]>>
}

/** The part of Nx's project graph that a path is looked for in. */
export interface GraphView {
  readonly nodes: Readonly<Record<string, { readonly name: string; readonly data: { readonly root: string } }>>
  readonly dependencies: Readonly<Record<string, readonly { readonly target: string }[]>>
}

/** One cause: what changed, which input of the task it matches, and how the task reaches it. */
export interface Cause {
  readonly task: string
  /** The changed file; `undefined` when Nx names a package or nothing. */
  readonly file: string | undefined
  /** The input that it matches, in Nx's words. */
  readonly input: string
  /** Projects from the one that was asked about to the one that holds the file; one entry when it is its own. */
  readonly path: readonly string[]
  /** Tasks between, when the change reaches it through the outputs of others. */
  readonly through: readonly string[]
}

/** Every cause of the tasks of `project`, by task and file. Tasks that Nx did not select have none. */
export function causesOf(project: string, explanation: NxExplanation, graph: GraphView): Cause[] {
  const tasks = Object.keys(explanation.affected).filter((task) => projectOf(task, graph) === project)
  return tasks
    .flatMap((task) => causesOfTask(task, { explanation, graph, project }, [task]))
    .sort(by((cause) => `${cause.task} ${cause.through.length} ${cause.file ?? ''} ${cause.input}`))
}

/** The tasks of `project` that Nx selected. Sorted. */
export function affectedTasks(project: string, explanation: NxExplanation, graph: GraphView): string[] {
  return Object.keys(explanation.affected)
    .filter((task) => projectOf(task, graph) === project)
    .sort(byText)
}

/** The shortest way along dependencies, both ends included; `undefined` when there is none. */
export function dependencyPath(graph: GraphView, from: string, to: string): readonly string[] | undefined {
  const cameFrom = new Map<string, string | undefined>([[from, undefined]])
  for (const node of cameFrom.keys()) {
    if (node === to) return trace(cameFrom, to)
    for (const target of sortedUnique((graph.dependencies[node] ?? []).map((edge) => edge.target))) {
      if (!cameFrom.has(target)) cameFrom.set(target, node)
    }
  }
  return undefined
}

/** The project whose directory holds the file: the deepest one; a project at the root holds only what no other does. */
export function ownerOfFile(graph: GraphView, file: string): string | undefined {
  const owners = Object.values(graph.nodes).filter(({ data }) => data.root === '.' || file.startsWith(`${data.root}/`))
  const depth = ({ data }: { data: { root: string } }): number => (data.root === '.' ? 0 : data.root.length)
  return owners.sort((left, right) => depth(right) - depth(left))[0]?.name
}

/** The causes in prose, one block per task. */
export function renderCauses(causes: readonly Cause[]): string {
  const blocks = sortedUnique(causes.map((cause) => cause.task)).map((task) => {
    const lines = causes.filter((cause) => cause.task === task).map((cause) => `  ${causeText(cause)}`)
    return [`${task} is affected:`, ...sortedUnique(lines)].join('\n')
  })
  return blocks.join('\n')
}

function causeText(cause: Cause): string {
  const file = cause.file === undefined ? cause.input : `${cause.file} → ${cause.input}`
  const path = cause.path.length > 1 ? ` → ${cause.path.join(' → ')}` : ''
  const through = cause.through.length === 0 ? '' : ` (through the outputs of ${cause.through.join(' → ')})`
  return `${file}${path}${through}`
}

interface Search {
  readonly explanation: NxExplanation
  readonly graph: GraphView
  readonly project: string
}

function causesOfTask(task: string, search: Search, trail: readonly string[]): Cause[] {
  const { explanation, graph, project } = search
  const [asked = task, ...through] = trail
  const reasons = explanation.affected[task] ?? explanation.upstream?.[task] ?? []
  if (reasons.length === 0) {
    return [{ task: asked, file: undefined, input: 'Nx selected it and names no reason', path: [project], through }]
  }
  return reasons.flatMap((reason): Cause[] => {
    if (reason.kind === 'dependent-output' && reason.producer !== undefined) {
      return trail.includes(reason.producer) ? [] : causesOfTask(reason.producer, search, [...trail, reason.producer])
    }
    const owner = reason.file === undefined ? undefined : ownerOfFile(graph, reason.file)
    const path = owner === undefined ? undefined : dependencyPath(graph, project, owner)
    return [{ task: asked, file: reason.file, input: inputText(reason), path: path ?? [project], through }]
  })
}

function inputText(reason: NxReason): string {
  switch (reason.kind) {
    case 'input-file':
      return `input ${reason.pattern ?? reason.file ?? ''}`
    case 'project-configuration':
      return "the project's configuration"
    case 'deleted-project-configuration':
      return 'a project was deleted, which runs everything'
    case 'npm-package':
      return `npm package ${reason.package ?? ''}`
    case 'moved-ecosystem':
      return `every ${reason.ecosystem ?? ''} package (the change cannot be narrowed)`
    case 'lockfile':
      return 'the lock file of npm'
    case 'external-dependencies':
      return 'every external package'
    case 'custom-hasher':
      return 'its executor decides for itself and is always selected'
    default:
      return reason.kind
  }
}

/** `project:target` or `project:target:configuration`; a project's own name may hold colons. */
function projectOf(task: string, graph: GraphView): string | undefined {
  const names = Object.keys(graph.nodes).filter((name) => task.startsWith(`${name}:`))
  return names.sort((left, right) => right.length - left.length)[0]
}

function trace(cameFrom: ReadonlyMap<string, string | undefined>, to: string): string[] {
  const path: string[] = []
  for (let at: string | undefined = to; at !== undefined; at = cameFrom.get(at)) path.unshift(at)
  return path
}
