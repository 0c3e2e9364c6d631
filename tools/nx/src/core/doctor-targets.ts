import { posix } from 'node:path'
import { by } from '@interlock/kit'
import type { DoctorFacts, Finding, ProjectFacts, Rule, TargetFacts } from './doctor.ts'

interface Task {
  readonly id: string
  readonly name: string
  readonly project: ProjectFacts
  readonly target: TargetFacts
}

/** Executors that report success for work that they did not do. */
const LYING = /^@monodon\/rust:/u

const lyingExecutors: Rule = (facts) => {
  const evidence = tasksOf(facts).flatMap(({ id, target }) =>
    LYING.test(target.executor ?? '') ? [`${id} (${target.executor ?? ''})`] : [],
  )
  if (evidence.length === 0) return []
  const message = 'the executors of @monodon/rust report success when VERCEL is set, and have no inputs'
  return [
    {
      rule: 'executor',
      severity: 'error',
      message,
      evidence,
      fix: 'delete these targets from project.json: the plugin infers them',
    },
  ]
}

const toolchainInput: Rule = (facts) => {
  const evidence = tasksOf(facts)
    .filter(
      ({ project, target }) => project.tags.some((tag) => tag === 'lang:rust' || tag === 'lang:python') && needsToolchain(target),
    )
    .filter(({ project, target }) => !hasRuntimeInput(target.inputs ?? [], { project, nxJson: facts.nxJson, seen: new Set() }))
    .map(({ id }) => id)
  if (evidence.length === 0) return []
  const message = 'these targets are cached without a toolchain input: another compiler or interpreter is a cache hit'
  return [
    {
      rule: 'toolchain-input',
      severity: 'error',
      message,
      evidence,
      fix: 'add "..." to the inputs of the target, so that it keeps those that the plugin infers',
    },
  ]
}

/** Nx deletes an output before it restores it, so two cached tasks with one output destroy each other's files. */
const sharedOutputs: Rule = (facts) => {
  const outputs = tasksOf(facts)
    .filter(({ target }) => target.cache === true)
    .flatMap((task) =>
      (task.target.outputs ?? [])
        .flatMap((output) => resolvedOutput(output, task) ?? [])
        .map((path) => ({ id: task.id, project: task.project.name, path })),
    )
    .sort(by(({ path, id }) => `${path.replaceAll('/', '\u0001')}\0${id}`))
  const cargo = outputs.filter(({ path }) => /(?:^|\/)target$/u.test(path)).map(({ id, path }) => `${id}: ${path}`)
  const overlapping = overlaps(outputs.filter(({ path }) => !/(?:^|\/)target$/u.test(path)))
  const findings: Finding[] = []
  if (cargo.length > 0) {
    const message = 'a shared target/ is an output: restoring one task deletes what the others built'
    findings.push({
      rule: 'shared-target',
      severity: 'error',
      message,
      evidence: cargo,
      fix: 'copy the final artifacts to dist/<project> and declare that',
    })
  }
  for (const [severity, pairs] of [
    ['error', overlapping.filter(([one, other]) => one.project !== other.project)],
    ['warning', overlapping.filter(([one, other]) => one.project === other.project)],
  ] as const) {
    if (pairs.length === 0) continue
    const message = 'outputs overlap: restoring one task from the cache deletes files of the other'
    const evidence = pairs.map(([one, other]) => `${one.id}: ${one.path} and ${other.id}: ${other.path}`)
    findings.push({ rule: 'overlapping-outputs', severity, message, evidence, fix: 'give each task a directory of its own' })
  }
  return findings
}

const perTargetSync: Rule = (facts) => {
  const fromDefaults = targetDefaultsWithSync(facts.nxJson)
  const evidence = [
    ...fromDefaults,
    ...tasksOf(facts).flatMap(({ id, target }) => ((target.syncGenerators ?? []).length > 0 ? [id] : [])),
  ]
  if (evidence.length === 0) return []
  const message = 'per-target sync generators stop local runs and are skipped silently in CI'
  return [
    {
      rule: 'sync-generators',
      severity: 'warning',
      message,
      evidence,
      fix: 'move them to sync.globalGenerators of nx.json and run nx sync:check in CI',
    },
  ]
}

const missingPrograms: Rule = ({ missingPrograms: missing }) =>
  Object.entries(missing)
    .sort(by(([program]) => program))
    .map(([program, tasks]) => ({
      rule: 'missing-tool',
      severity: 'warning',
      message: `${program} is not installed: these targets cannot run here`,
      evidence: tasks,
      fix: `install ${program}`,
    }))

/** Rules about targets. They find nothing when there is no graph: the rule `graph` then says so. */
export const targetRules: readonly Rule[] = [lyingExecutors, toolchainInput, sharedOutputs, perTargetSync, missingPrograms]

/** Subcommands that come with cargo's own toolchain or as components of rustup. */
const CARGO_OWN = new Set(['bench', 'build', 'check', 'clippy', 'doc', 'fmt', 'run', 'rustc', 'test'])

/** The programs that a target starts, as far as its options tell: the first word, and the program behind `cargo <word>`. */
export function programsOf(target: TargetFacts): string[] {
  const words = wordsOf(target).filter((word) => !/^[A-Za-z_][A-Za-z0-9_]*=/u.test(word))
  const [program, subcommand] = words
  if (program === undefined) return []
  const isExtension = program === 'cargo' && subcommand !== undefined && /^[a-z]/u.test(subcommand) && !CARGO_OWN.has(subcommand)
  return isExtension ? [program, `cargo-${subcommand}`] : [program]
}

function wordsOf({ executor, options }: TargetFacts): string[] {
  const command = options?.['command'] ?? (executor === 'nx:run-commands' ? options?.['commands'] : undefined)
  if (typeof command === 'string') return command.trim().split(/\s+/u)
  const list = Array.isArray(command) ? (command as readonly unknown[]) : []
  const [first] = list
  // A list is one command word by word for our executors, and several commands for Nx's own.
  if (executor === 'nx:run-commands') return typeof first === 'string' ? first.trim().split(/\s+/u) : []
  return list.filter((word): word is string => typeof word === 'string')
}

function tasksOf({ projects }: DoctorFacts): Task[] {
  return (projects ?? []).flatMap((project) =>
    Object.entries(project.targets).map(([name, target]) => ({ id: `${project.name}:${name}`, name, project, target })),
  )
}

/** A target that starts no program, or none of these languages, has no toolchain. */
function needsToolchain(target: TargetFacts): boolean {
  const [program = ''] = programsOf(target)
  return target.cache === true && /(?:^|\/)(?:cargo|rustc|uv|uvx|python3?|pytest|ruff|black|mypy|maturin)$/u.test(program)
}

interface InputScope {
  readonly project: ProjectFacts
  readonly nxJson: Readonly<Record<string, unknown>>
  readonly seen: Set<string>
}

function hasRuntimeInput(inputs: readonly unknown[], scope: InputScope): boolean {
  return inputs.some((input) => {
    if (typeof input === 'object' && input !== null && 'runtime' in input) return true
    const name = typeof input === 'string' ? input : undefined
    if (name === undefined || scope.seen.has(name)) return false
    scope.seen.add(name)
    const workspace = (scope.nxJson['namedInputs'] ?? {}) as Readonly<Record<string, readonly unknown[]>>
    return hasRuntimeInput(scope.project.namedInputs[name] ?? workspace[name] ?? [], scope)
  })
}

/** Workspace-relative path of an output; `undefined` for one that its options do not set. */
function resolvedOutput(output: string, { project, target }: Task): string | undefined {
  const options = target.options ?? {}
  let known = true
  const path = output.replace(/\{([^}]+)\}/gu, (whole, token: string) => {
    if (token === 'workspaceRoot') return '.'
    if (token === 'projectRoot') return project.root
    if (token === 'projectName') return project.name
    const value = token.startsWith('options.') ? options[token.slice('options.'.length)] : undefined
    if (typeof value !== 'string') known = false
    return typeof value === 'string' ? value : whole
  })
  return known && !path.startsWith('!') ? posix.normalize(path).replace(/\/$/u, '') : undefined
}

interface Output {
  readonly id: string
  readonly project: string
  readonly path: string
}

/** Pairs of tasks of which one output holds the other. The files of two different globs are not told apart. */
function overlaps(outputs: readonly Output[]): (readonly [Output, Output])[] {
  const pairs: (readonly [Output, Output])[] = []
  const open: Output[] = []
  for (const output of outputs) {
    while (open.length > 0 && !holds(open.at(-1)?.path ?? '', output.path)) open.pop()
    const holder = open.find((other) => other.id !== output.id)
    if (holder !== undefined && !isSharedState(holder, output)) pairs.push([holder, output])
    open.push(output)
  }
  return pairs
}

/** Both tasks of a TypeScript project keep the compiler's state in one file, which either of them writes anew. */
function isSharedState(one: Output, other: Output): boolean {
  return one.project === other.project && one.path === other.path && one.path.endsWith('.tsbuildinfo')
}

function holds(outer: string, inner: string): boolean {
  return outer === inner || inner.startsWith(`${outer}/`)
}

function targetDefaultsWithSync(nxJson: Readonly<Record<string, unknown>>): string[] {
  const defaults = nxJson['targetDefaults']
  if (typeof defaults !== 'object' || defaults === null) return []
  return Object.entries(
    defaults as Readonly<Record<string, { readonly syncGenerators?: readonly string[] } | undefined>>,
  ).flatMap(([name, target]) => ((target?.syncGenerators ?? []).length > 0 ? [`nx.json: targetDefaults.${name}`] : []))
}
