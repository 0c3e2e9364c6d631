import { matchingProjects } from '@interlock/kit/nx'
import type { ProjectGraphProjectNode } from '@nx/devkit'
import { expectHonestRun } from '../core/hook-checks.ts'
import type { TaskTarget } from '../core/run-report.ts'
import { askNx } from './nx-run.ts'

/** One task that a command of Nx would run. */
export interface PlannedTask {
  readonly id: string
  readonly target: TaskTarget
  /** Ids of the tasks that run before it. */
  readonly needs: readonly string[]
}

/** What a command of Nx would run, without running it. */
export interface PlannedTasks {
  readonly tasks: readonly PlannedTask[]
  /** The tags of each project, by its name. */
  readonly tags: Readonly<Record<string, readonly string[]>>
}

/**
 * Asks Nx what `words` (`affected …` or `run-many …`) would run.
 *
 * @throws InterlockError as `askNx` does, and what the run itself would be refused with: Nx starts no hook for a question.
 */
export async function plannedTasks(root: string, words: readonly string[]): Promise<PlannedTasks> {
  const { graph, tasks } = (await askNx(root, '--graph', words)) as GraphAnswer
  const nodes = graph?.nodes ?? {}
  const projects = Object.fromEntries(Object.entries(nodes).map(([name, { data }]) => [name, Object.keys(data.targets ?? {})]))
  expectHonestRun({ argv: words, env: {}, projects, matching: (patterns) => matchingProjects(patterns, nodes) })
  return {
    tasks: Object.values(tasks?.tasks ?? {}).map(({ id, target }) => ({
      id,
      target,
      needs: (tasks?.dependencies?.[id] ?? []).map((need) => need.id),
    })),
    tags: Object.fromEntries(Object.values(nodes).map(({ name, data }) => [name, data.tags ?? []])),
  }
}

interface GraphAnswer {
  readonly graph?: { readonly nodes?: Record<string, ProjectGraphProjectNode> }
  readonly tasks?: {
    readonly tasks?: Readonly<Record<string, { readonly id: string; readonly target: TaskTarget }>>
    readonly dependencies?: Readonly<Record<string, readonly { readonly id: string }[]>>
  }
}
