import type { Ecosystem, ReaderProject, TargetPlan } from '@interlock/kit'
import type { NodeInputs } from './inputs.ts'
import { toolchainInput } from './inputs.ts'
import type { Input, Target, WorkspaceFacts } from './model.ts'

/** `nx:run-commands` gives its command to a shell: only words that no shell reads in another way go there. */
const SAFE_WORD = /^[A-Za-z0-9_@%+=:,./-]+$/

export interface TargetContext {
  readonly projectName: string
  readonly inputs: NodeInputs
  readonly facts: WorkspaceFacts
  /** Name of the named input with the files outside projects. */
  readonly filesInput: string
}

/** The targets of one language in one project. */
export function targetsOf(project: ReaderProject, context: TargetContext): Record<string, Target> {
  return Object.fromEntries(
    Object.entries(project.targets).map(([name, plan]) => [name, targetOf(plan, project.ecosystem, context)]),
  )
}

function targetOf(plan: TargetPlan, ecosystem: Ecosystem, context: TargetContext): Target {
  return {
    ...actionOf(plan, context.projectName),
    cache: plan.cache,
    inputs: targetInputs(plan, ecosystem, context),
    outputs: plan.outputs,
    ...(plan.dependsOn.length === 0 ? {} : { dependsOn: plan.dependsOn }),
    metadata: { description: plan.description, technologies: [ecosystem === 'cargo' ? 'rust' : 'python'] },
  }
}

/** The executor and its options: the plain command where nothing is to be decided. */
function actionOf(plan: TargetPlan, projectName: string): Pick<Target, 'executor' | 'options'> {
  const command = plan.command.map((word) => word.replaceAll('{projectName}', projectName))
  const place = { cwd: plan.cwd, ...(Object.keys(plan.env).length === 0 ? {} : { env: plan.env }) }
  if (plan.tests !== undefined) {
    const { runner, allowNoTests } = plan.tests
    return { executor: '@interlock/nx:test', options: { command, ...place, runner, allowNoTests } }
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
