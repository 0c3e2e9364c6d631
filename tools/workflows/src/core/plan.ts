import { byText, InterlockError } from '@interlock/kit'
import type { Estimate } from './durations.ts'
import { JOB_IDS, jobOf } from './jobs.ts'
import type { ExpectedJobs } from './needs.ts'
import { type Shard, shardCount, shardsOf, type Work } from './shards.ts'

/** A task that would run, as Nx plans it. */
export interface AffectedTask {
  readonly id: string
  readonly target: { readonly project: string; readonly target: string }
  /** Ids of the tasks that run before it. */
  readonly needs: readonly string[]
}

export interface PlanInput {
  readonly tasks: readonly AffectedTask[]
  /** The targets that were asked for: a project with one of these tasks has work of its own. */
  readonly targets: readonly string[]
  readonly tags: Readonly<Record<string, readonly string[]>>
  readonly estimate: (task: { readonly id: string; readonly target: string }) => Estimate
  /** Milliseconds that one machine shall need at most, where more machines can help. */
  readonly wallMs: number
  /** Machines for one job. */
  readonly maxShards: number
}

/** The work of one job of CI. */
export interface PlannedJob {
  readonly id: string
  /** Empty when there is no work for the job. */
  readonly shards: readonly Shard[]
}

export interface Plan {
  readonly jobs: readonly PlannedJob[]
  /** Tasks that will run, and how many of them were measured before. */
  readonly tasks: number
  readonly measured: number
}

/** GitHub Actions starts no more jobs than this of one matrix. */
export const MOST_SHARDS = 256

/** Linux takes no word and no variable beyond 131,072 bytes, and INTERLOCK_PROJECTS becomes one of Nx's words. */
const MOST_NAME_BYTES = 100_000

/**
 * Divides what a change runs over the jobs of CI, and each job over machines. Every job has an entry.
 *
 * @throws InterlockError `CONFIG_INVALID` when the names of one machine's projects are more than a command line takes.
 */
export function planRun({ tasks, targets, tags, estimate, wallMs, maxShards }: PlanInput): Plan {
  const byId = new Map(tasks.map((task) => [task.id, task]))
  const estimates = new Map(tasks.map((task) => [task.id, estimate({ id: task.id, target: task.target.target })]))
  const asked = new Set(targets)
  const own = new Map<string, string[]>()
  for (const { id, target } of tasks) {
    if (asked.has(target.target)) own.set(target.project, [...(own.get(target.project) ?? []), id])
  }
  const works = [...own].sort(([left], [right]) => byText(left, right)).map(([project, ids]) => ({ project, tasks: costOf(ids) }))
  const jobs = JOB_IDS.map((id): PlannedJob => {
    const mine = works.filter(({ project }) => jobOf(tags[project] ?? []) === id)
    const shards = mine.length === 0 ? [] : shardsOf(mine, machinesFor(mine, { wallMs, maxShards }))
    for (const { projects } of shards) expectRoom(id, projects)
    return { id, shards }
  })
  return { jobs, tasks: tasks.length, measured: [...estimates.values()].filter(({ measured }) => measured).length }

  function costOf(ids: readonly string[]): Work['tasks'] {
    const cost = new Map<string, number>()
    const open = [...ids]
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      const task = byId.get(id)
      if (task === undefined || cost.has(id)) continue
      cost.set(id, estimates.get(id)?.ms ?? 0)
      open.push(...task.needs)
    }
    return cost
  }
}

/** As many machines as the time asks for, and at least so many that the names of half of what each can take are enough. */
function machinesFor(works: readonly Work[], { wallMs, maxShards }: Pick<PlanInput, 'wallMs' | 'maxShards'>): number {
  const forNames = Math.ceil((2 * nameBytes(works.map(({ project }) => project))) / MOST_NAME_BYTES)
  return Math.min(maxShards, Math.max(shardCount(works, { wallMs, most: maxShards }), forNames))
}

function expectRoom(job: string, projects: readonly string[]): void {
  const bytes = nameBytes(projects)
  if (bytes <= MOST_NAME_BYTES) return
  throw new InterlockError(
    'CONFIG_INVALID',
    `one machine of ${job} would get ${projects.length} projects, whose names take ${bytes} bytes: a command line takes ${MOST_NAME_BYTES}`,
    { hint: 'allow more machines with --max-shards, or give projects shorter names' },
  )
}

/** With one more sign for each. */
function nameBytes(names: readonly string[]): number {
  return names.reduce((sum, name) => sum + Buffer.byteLength(name) + 2, 0)
}

/** Tasks that run tests, by the name of their target: "test", "test-py3.12". */
export function testTasks(tasks: readonly AffectedTask[]): number {
  return tasks.filter(({ target }) => /^test(?:-|$)/u.test(target.target)).length
}

/** What the gate is told: whether each job has work. */
export function expectedOf({ jobs }: Plan): ExpectedJobs {
  return Object.fromEntries(jobs.map(({ id, shards }) => [id, shards.length === 0 ? 'empty' : 'run']))
}

/** One machine of a job, as a matrix of GitHub Actions lists it. */
export interface MatrixEntry {
  readonly shard: number
  readonly shards: number
  /** Names with commas between: what INTERLOCK_PROJECTS takes. */
  readonly projects: string
}

/** The matrix of a job. */
export function matrixOf({ shards }: PlannedJob): { readonly include: readonly MatrixEntry[] } {
  return {
    include: shards.map(({ projects }, index) => ({ shard: index + 1, shards: shards.length, projects: projects.join(',') })),
  }
}
