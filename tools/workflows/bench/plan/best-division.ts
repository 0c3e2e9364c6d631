import type { PlanInput } from '../../src/core/plan.ts'

/** Divisions that are tried at most. */
const MOST = 100_000

/** The shortest time of all divisions over at most `machines`, by trying each; `undefined` where there are too many. */
export function bestDivision({ tasks, estimate }: PlanInput, machines: number): number | undefined {
  const ms = new Map(tasks.map((task) => [task.id, estimate({ id: task.id, target: task.target.target }).ms]))
  const works = largest(closures(tasks))
  if (machines ** Math.max(0, works.length - 1) > MOST) return undefined
  const loads = Array.from({ length: machines }, () => new Map<string, number>())
  const times = loads.map(() => 0)
  let best = Infinity
  place(0, 0)
  return best

  /** Machines are alike, so the first work on an empty one need not be tried on another. */
  function place(index: number, used: number): void {
    if (Math.max(...times) >= best) return
    const work = works[index]
    if (work === undefined) {
      best = Math.max(...times)
      return
    }
    for (let at = 0; at < Math.min(used + 1, machines); at += 1) {
      const [load, before] = [loads[at], times[at]]
      if (load === undefined || before === undefined) continue
      for (const id of work) {
        const count = load.get(id) ?? 0
        if (count === 0) times[at] = (times[at] ?? 0) + (ms.get(id) ?? 0)
        load.set(id, count + 1)
      }
      place(index + 1, Math.max(used, at + 1))
      for (const id of work) load.set(id, (load.get(id) ?? 1) - 1)
      times[at] = before
    }
  }
}

/** What each project runs: its own tasks, and all that they need. */
function closures(tasks: PlanInput['tasks']): Set<string>[] {
  const byId = new Map(tasks.map((task) => [task.id, task]))
  const own = new Map<string, Set<string>>()
  for (const { id, target } of tasks) {
    const closure = own.get(target.project) ?? new Set()
    own.set(target.project, closure)
    const open = [id]
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (closure.has(next)) continue
      closure.add(next)
      open.push(...(byId.get(next)?.needs ?? []))
    }
  }
  return [...own.values()]
}

/** A project that another one runs as a whole costs nothing. */
function largest(works: readonly ReadonlySet<string>[]): ReadonlySet<string>[] {
  const ordered = [...works].sort((left, right) => right.size - left.size)
  const kept: ReadonlySet<string>[] = []
  for (const work of ordered) if (!kept.some((other) => [...work].every((id) => other.has(id)))) kept.push(work)
  return kept
}
