import type { Ecosystem, ReaderProject, TargetPlan } from '@interlock/kit'
import type { NodeInputs } from './inputs.ts'
import { toolchainInput } from './inputs.ts'
import type { Input, Target, WorkspaceFacts } from './model.ts'

/** `nx:run-commands` gives its command to a shell: only words that no shell reads in another way go there. */
const SAFE_WORD = /^[A-Za-z0-9_@%+=:,./-]+$/

/** Where a target `coverage` leaves its report. */
export const COVERAGE_OUTPUT = '{workspaceRoot}/dist/{projectName}/coverage'

/** The output of a test that may be measured: Nx drops it where the options name no report. */
export const MEASURED_OUTPUT = '{options.report}'

export const SUFFIX: Readonly<Record<Ecosystem, string>> = { cargo: '-rust', python: '-python' }

export interface TargetContext {
  readonly projectName: string
  /** Whether another language has its targets in the same directory. */
  readonly shared: boolean
  readonly inputs: NodeInputs
  readonly facts: WorkspaceFacts
  /** Name of the named input with the files outside projects. */
  readonly filesInput: string
}

/** The targets of one language in one project. */
export function targetsOf(project: ReaderProject, context: TargetContext): Record<string, Target> {
  return Object.fromEntries(Object.entries(project.targets).map(([name, plan]) => [name, targetOf(project, plan, context)]))
}

function targetOf({ ecosystem, targets }: ReaderProject, plan: TargetPlan, context: TargetContext): Target {
  const measuredBy = targets[plan.tests?.measuredBy ?? '']
  const fill = (text: string): string =>
    text.replaceAll('{projectName}', context.projectName).replaceAll('{language}', context.shared ? SUFFIX[ecosystem] : '')
  const outputs = measuredBy === undefined ? plan.outputs : [...plan.outputs, MEASURED_OUTPUT]
  return {
    ...actionOf(plan, fill, context.projectName),
    ...(measuredBy === undefined ? {} : { configurations: { coverage: measuredRun(measuredBy, fill) } }),
    cache: plan.cache,
    inputs: targetInputs(plan, ecosystem, context),
    outputs: outputs.map((output) => output.replaceAll('{language}', fill('{language}'))),
    ...(plan.dependsOn.length === 0 ? {} : { dependsOn: plan.dependsOn }),
    metadata: { description: plan.description, technologies: [ecosystem === 'cargo' ? 'rust' : 'python'] },
  }
}

/** Puts names in the place of `{projectName}` and `{language}`. */
type Fill = (text: string) => string

/** The executor and its options: the plain command where nothing is to be decided. */
function actionOf(plan: TargetPlan, fill: Fill, projectName: string): Pick<Target, 'executor' | 'options'> {
  const command = plan.command.map(fill)
  const place = { cwd: plan.cwd, ...(Object.keys(plan.env).length === 0 ? {} : { env: plan.env }) }
  if (plan.tests !== undefined) {
    const { runner, allowNoTests, llvmTools, minimumCoverage } = plan.tests
    const executor = llvmTools === true ? '@interlock/nx:cargo-coverage' : '@interlock/nx:test'
    const limit = minimumCoverage === undefined ? {} : { minimumCoverage }
    return { executor, options: { command, ...place, runner, allowNoTests, ...reportOf(plan, fill), ...limit } }
  }
  if (plan.executor !== undefined) {
    const options = Object.entries(plan.executor.options)
    const filled = options.map(([key, value]) => [key, typeof value === 'string' ? fill(value) : value] as const)
    return { executor: `@interlock/nx:${plan.executor.name}`, options: Object.fromEntries(filled) }
  }
  if (plan.artifacts !== undefined) {
    const options = { command, ...place, binaries: plan.artifacts.names, outputPath: `dist/${projectName}` }
    return { executor: '@interlock/nx:cargo-build', options }
  }
  if (command.every((word) => SAFE_WORD.test(word))) {
    return { executor: 'nx:run-commands', options: { command: command.join(' '), ...place } }
  }
  return { executor: '@interlock/nx:exec', options: { command, ...place } }
}

/** What the configuration `coverage` of a test changes. */
function measuredRun(plan: TargetPlan, fill: Fill): Readonly<Record<string, unknown>> {
  return { command: plan.command.map(fill), ...reportOf(plan, fill) }
}

function reportOf({ tests }: TargetPlan, fill: Fill): { readonly report?: string } {
  return tests?.report === undefined ? {} : { report: fill(tests.report) }
}

function targetInputs(plan: TargetPlan, ecosystem: Ecosystem, { inputs, facts, filesInput }: TargetContext): Input[] {
  const deep = plan.reads === 'dependencies'
  const environment = plan.env['UV_PROJECT_ENVIRONMENT']
  return [
    'default',
    ...(deep ? ['^default'] : []),
    filesInput,
    ...inputs.always,
    ...(deep ? inputs.dependencies : []),
    toolchainInput(ecosystem, { cwd: plan.cwd, environment, program: plan.command[0] }, facts),
  ]
}

/** The inputs in their order, each once. */
export function uniqueInputs(inputs: readonly Input[]): Input[] {
  const seen = new Set<string>()
  return inputs.filter((input) => {
    const text = JSON.stringify(input)
    const isNew = !seen.has(text)
    seen.add(text)
    return isNew
  })
}
