import type { ComposedProject, Input, Target } from './model.ts'

/** The named input of what every target of a project reads. */
export const EVERY_TARGET = 'every-target'

/** Below this many inputs in common a name is longer than what it stands for. */
const WORTH_A_NAME = 2

/**
 * The project with what all its targets read said once, under a name. Nx records, sends and hashes each input of each
 * target by itself, which is most of the graph's size in a large workspace. What a target reads stays the same.
 */
export function foldInputs(project: ComposedProject): ComposedProject {
  const [first, ...others] = Object.values(project.targets).map(({ inputs = [] }) => inputs)
  if (first === undefined || others.length === 0) return project
  const lists = others.map((inputs) => new Set(inputs.map(textOf)))
  const common = first.filter((input) => isOwn(input) && lists.every((list) => list.has(textOf(input))))
  if (common.length < WORTH_A_NAME) return project
  const folded = new Set(common.map(textOf))
  return {
    ...project,
    namedInputs: { ...project.namedInputs, [EVERY_TARGET]: common },
    targets: Object.fromEntries(Object.entries(project.targets).map(([name, target]) => [name, fold(target, folded)])),
  }
}

/** What reads other projects or their outputs, Nx takes from a target only. */
function isOwn(input: Input): boolean {
  if (typeof input === 'string') return !input.startsWith('^')
  return !('projects' in input || 'dependentTasksOutputFiles' in input)
}

function fold(target: Target, folded: ReadonlySet<string>): Target {
  return { ...target, inputs: [EVERY_TARGET, ...(target.inputs ?? []).filter((input) => !folded.has(textOf(input)))] }
}

function textOf(input: Input): string {
  return JSON.stringify(input)
}
