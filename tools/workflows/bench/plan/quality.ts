import { bestDivision } from './best-division.ts'
import { type PlanInput, planRun } from '../../src/core/plan.ts'

/** How well one trace was divided. */
export interface Quality {
  readonly machines: number
  readonly projects: number
  readonly tasks: number
  /** Milliseconds until the last machine is done, over what no division can beat. 1 is perfect. */
  readonly ratio: number
  /** The same over the best of all divisions; `undefined` where there are too many to try. */
  readonly overBest: number | undefined
}

/** Plans a trace and compares it with the lower bound. */
export function qualityOf(trace: PlanInput): Quality {
  const { jobs, tasks } = planRun(trace)
  const shards = jobs.flatMap((job) => job.shards)
  const longest = Math.max(...shards.map(({ ms }) => ms))
  const best = bestDivision(trace, shards.length)
  return {
    machines: shards.length,
    projects: shards.reduce((sum, { projects }) => sum + projects.length, 0),
    tasks,
    ratio: longest / lowerBound(trace, shards.length),
    overBest: best === undefined ? undefined : longest / best,
  }
}

/**
 * Milliseconds that no division over `machines` can beat. Three things hold for each:
 * - every task runs at least once, so the sum of all is divided by the machines at best;
 * - a project's own tasks and all that they need run on one machine;
 * - a machine that runs anything that needs a task runs that task and all that it needs, so what needs it is divided by the
 *   machines at best, and each of them pays for the task as well.
 */
export function lowerBound({ tasks, estimate }: PlanInput, machines: number): number {
  const ms = new Map(tasks.map((task) => [task.id, estimate({ id: task.id, target: task.target.target }).ms]))
  const needs = new Map(tasks.map((task) => [task.id, task.needs]))
  const needed = new Map<string, string[]>()
  const own = new Map<string, string[]>()
  for (const { id, target, needs: before } of tasks) {
    own.set(target.project, [...(own.get(target.project) ?? []), id])
    for (const other of before) needed.set(other, [...(needed.get(other) ?? []), id])
  }
  const total = [...ms.values()].reduce((sum, one) => sum + one, 0)
  const projects = [...own.values()].map((ids) => costOf(ids, needs))
  const shared = tasks.map(({ id }) => {
    const self = ms.get(id) ?? 0
    return costOf([id], needs) + (costOf([id], needed) - self) / machines
  })
  return Math.max(total / machines, ...projects, ...shared)

  function costOf(ids: readonly string[], edges: ReadonlyMap<string, readonly string[]>): number {
    const seen = new Set<string>()
    const open = [...ids]
    let sum = 0
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      if (seen.has(id)) continue
      seen.add(id)
      sum += ms.get(id) ?? 0
      open.push(...(edges.get(id) ?? []))
    }
    return sum
  }
}
