import type { AffectedTask, PlanInput } from '../../src/core/plan.ts'
import { createRandom, type Random } from './random.ts'

/** Median seconds of a target, about as `interlock affected` measured them in this repository. */
const TARGETS: Readonly<Record<string, number>> = { format: 0.4, lint: 3, typecheck: 4, build: 4, test: 15 }

interface Project {
  readonly name: string
  /** Projects of the layer below whose build this one needs. */
  readonly needs: readonly string[]
  /** How much dearer than others its tasks are. */
  readonly weight: number
}

/** What a change of a repository of some size has to run. The same seed gives the same trace. */
export function traceOf(seed: number): PlanInput {
  const random = createRandom(seed)
  const projects = projectsOf(random, random.whole(3, 400))
  const changed = Array.from({ length: random.whole(1, 5) }, () => projects[random.whole(0, projects.length - 1)]?.name ?? '')
  const affected = reached(projects, new Set(changed))
  const needed = below(projects, affected)
  const tasks = projects.flatMap((project): AffectedTask[] => {
    if (affected.has(project.name)) return Object.keys(TARGETS).map((target) => taskOf(project, target))
    return needed.has(project.name) ? [taskOf(project, 'build')] : []
  })
  const weights = new Map(projects.map(({ name, weight }) => [name, weight]))
  const durations = new Map(
    tasks.map(({ id, target }) => [
      id,
      1000 * random.skewed((TARGETS[target.target] ?? 1) * (weights.get(target.project) ?? 1), 0.4),
    ]),
  )
  return {
    tasks,
    targets: Object.keys(TARGETS),
    tags: {},
    estimate: ({ id }) => ({ ms: durations.get(id) ?? 0, measured: true }),
    wallMs: 1000 * ([60, 300, 600][random.whole(0, 2)] ?? 300),
    maxShards: [8, 16, 32][random.whole(0, 2)] ?? 8,
  }
}

function projectsOf(random: Random, count: number): Project[] {
  const layers = random.whole(1, 6)
  const names = Array.from({ length: count }, (_, index) => `project-${index}`)
  return names.map((name, index) => {
    const lower = names.filter((_, other) => other % layers === (index % layers) - 1)
    const needs = Array.from(
      { length: lower.length === 0 ? 0 : random.whole(0, 3) },
      () => lower[random.whole(0, lower.length - 1)] ?? '',
    )
    return { name, needs: [...new Set(needs)], weight: random.skewed(1, 0.9) }
  })
}

/** A change reaches what needs it. */
function reached(projects: readonly Project[], from: Set<string>): Set<string> {
  for (;;) {
    const more = projects.filter(({ name, needs }) => !from.has(name) && needs.some((need) => from.has(need)))
    if (more.length === 0) return from
    for (const { name } of more) from.add(name)
  }
}

/** What is affected needs the builds below it. */
function below(projects: readonly Project[], affected: ReadonlySet<string>): ReadonlySet<string> {
  const byName = new Map(projects.map((project) => [project.name, project]))
  const needed = new Set<string>()
  const open = [...affected]
  for (let name = open.pop(); name !== undefined; name = open.pop())
    for (const need of byName.get(name)?.needs ?? []) {
      if (needed.has(need)) continue
      needed.add(need)
      open.push(need)
    }
  return needed
}

function taskOf({ name, needs }: Project, target: string): AffectedTask {
  const builds = needs.map((need) => `${need}:build`)
  const before = target === 'build' ? builds : target === 'format' || target === 'lint' ? [] : [`${name}:build`]
  return { id: `${name}:${target}`, target: { project: name, target }, needs: before }
}
