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
  /** Names of the targets that any project has, also where none of them would run. */
  readonly targets: ReadonlySet<string>
}

/** Asks Nx what `words` (`affected …` or `run-many …`) would run. Throws as `askNx` does. */
export async function plannedTasks(root: string, words: readonly string[]): Promise<PlannedTasks> {
  const { graph, tasks } = (await askNx(root, '--graph', words)) as GraphAnswer
  const nodes = Object.values(graph?.nodes ?? {})
  return {
    tasks: Object.values(tasks?.tasks ?? {}).map(({ id, target }) => ({
      id,
      target,
      needs: (tasks?.dependencies?.[id] ?? []).map((need) => need.id),
    })),
    tags: Object.fromEntries(nodes.map(({ name, data }) => [name, data.tags ?? []])),
    targets: new Set(nodes.flatMap(({ data }) => Object.keys(data.targets ?? {}))),
  }
}

interface GraphAnswer {
  readonly graph?: {
    readonly nodes?: Readonly<
      Record<string, { readonly name: string; readonly data: { readonly tags?: string[]; readonly targets?: object } }>
    >
  }
  readonly tasks?: {
    readonly tasks?: Readonly<Record<string, { readonly id: string; readonly target: TaskTarget }>>
    readonly dependencies?: Readonly<Record<string, readonly { readonly id: string }[]>>
  }
}
