import { byText } from '@interlock/kit'

/** What one project's share of a run costs: its tasks and all that they need, in milliseconds by task id. */
export interface Work {
  readonly project: string
  readonly tasks: ReadonlyMap<string, number>
}

/** Projects that run on one machine. */
export interface Shard {
  readonly projects: readonly string[]
  /** Milliseconds of work; what several projects need counts once. */
  readonly ms: number
}

/** No other weight is tried for a division that is this close to what none can beat, or in which nothing is done twice. */
const GOOD_ENOUGH = 1.02

/** How much it counts that another machine does the same work already. Which is best depends on what projects share. */
const WEIGHTS = [1, 0, 0.5, 4]

/**
 * Divides projects over machines by longest processing time: the most expensive first, each to the machine that is then
 * done first. What a machine has already is free there, and what another machine has already may count twice, so projects
 * with costly dependencies in common come together; of several weights for that, the one is taken that is done first.
 * At most `count` shards, none of them empty. Same input, same shards.
 */
export function shardsOf(works: readonly Work[], count: number): Shard[] {
  const ordered = [...works].sort((left, right) => total(right.tasks) - total(left.tasks) || byText(left.project, right.project))
  const once = total(new Map(works.flatMap(({ tasks }) => [...tasks])))
  const enough = GOOD_ENOUGH * Math.max(once / Math.max(1, count), ordered[0] === undefined ? 0 : total(ordered[0].tasks))
  let best: Shard[] = []
  let least = Infinity
  for (const weight of WEIGHTS) {
    const shards = division(ordered, count, weight)
    const longest = Math.max(0, ...shards.map(({ ms }) => ms))
    if (longest < least) [best, least] = [shards, longest]
    const repeated = shards.reduce((sum, { ms }) => sum + ms, 0) > once * (1 + 1e-9)
    if (least <= enough || !repeated) break
  }
  return best
}

function division(ordered: readonly Work[], count: number, weight: number): Shard[] {
  const machines = Array.from({ length: Math.min(count, ordered.length) }, () => new Machine())
  const placed = new Set<string>()
  for (const work of ordered) {
    const prices = machines.map((machine) => machine.loadWith(work) + weight * machine.repeated(work, placed))
    const free = machines.find((machine) => machine.hasAll(work))
    const chosen = free ?? machines[prices.indexOf(Math.min(...prices))]
    chosen?.add(work)
    for (const id of work.tasks.keys()) placed.add(id)
  }
  return machines
    .map(({ projects, load }) => ({ projects: [...projects].sort(byText), ms: load }))
    .filter(({ projects }) => projects.length > 0)
}

/** How many machines finish in about `wallMs`; at least one, at most `most`. */
export function shardCount(works: readonly Work[], { wallMs, most }: { readonly wallMs: number; readonly most: number }): number {
  const once = new Map(works.flatMap(({ tasks }) => [...tasks]))
  return Math.max(1, Math.min(most, works.length, Math.ceil(total(once) / wallMs)))
}

class Machine {
  readonly projects: string[] = []
  readonly #tasks = new Set<string>()
  load = 0

  loadWith({ tasks }: Work): number {
    let load = this.load
    for (const [id, ms] of tasks) if (!this.#tasks.has(id)) load += ms
    return load
  }

  /** Whether the work costs nothing here. */
  hasAll({ tasks }: Work): boolean {
    return tasks.size > 0 && [...tasks.keys()].every((id) => this.#tasks.has(id))
  }

  /** Milliseconds of what another machine does already and this one would do again. */
  repeated({ tasks }: Work, placed: ReadonlySet<string>): number {
    let repeated = 0
    for (const [id, ms] of tasks) if (placed.has(id) && !this.#tasks.has(id)) repeated += ms
    return repeated
  }

  add(work: Work): void {
    this.load = this.loadWith(work)
    this.projects.push(work.project)
    for (const id of work.tasks.keys()) this.#tasks.add(id)
  }
}

function total(tasks: ReadonlyMap<string, number>): number {
  let sum = 0
  for (const ms of tasks.values()) sum += ms
  return sum
}
