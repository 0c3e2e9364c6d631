import { describe, expect, it } from 'vitest'
import { type AffectedTask, expectedOf, matrixOf, type PlanInput, planRun, testTasks } from './plan.ts'

const task = (id: string, needs: readonly string[] = []): AffectedTask => {
  const [project = '', target = ''] = id.split(':')
  return { id, target: { project, target }, needs }
}

const input: PlanInput = {
  tasks: [
    task('proxy:test', ['he:build']),
    task('he:test'),
    task('he:build'),
    task('wheel:test', ['he:build']),
    task('tool:test'),
    task('odd:test'),
  ],
  targets: ['test'],
  tags: { he: ['lang:rust'], proxy: ['lang:rust'], wheel: ['lang:python', 'lang:rust'], tool: ['lang:typescript'], odd: [] },
  estimate: ({ id }) => ({ ms: id === 'he:build' ? 30_000 : 20_000, measured: id.endsWith(':test') }),
  wallMs: 50_000,
  maxShards: 8,
}

describe('the plan of a run', () => {
  it('gives each project to one job, and speaks of every job', () => {
    const plan = planRun(input)
    expect(expectedOf(plan)).toEqual({
      'python-tests': 'run',
      'rust-tests': 'run',
      'build-docs': 'empty',
      'typescript-tests': 'run',
      'other-tests': 'run',
    })
    expect(plan).toMatchObject({ tasks: 6, measured: 5 })
    expect(plan.jobs.find(({ id }) => id === 'rust-tests')?.shards).toEqual([
      { projects: ['proxy'], ms: 50_000 },
      { projects: ['he'], ms: 20_000 },
    ])
    expect(plan.jobs.find(({ id }) => id === 'python-tests')?.shards).toEqual([{ projects: ['wheel'], ms: 50_000 }])
  })

  it('does not give a machine to what is only needed by others', () => {
    const plan = planRun({ ...input, tasks: [task('proxy:test', ['he:build']), task('he:build')] })
    expect(plan.jobs.flatMap(({ shards }) => shards)).toEqual([{ projects: ['proxy'], ms: 50_000 }])
  })

  it('promise-1: plans every project with a task that was asked for', () => {
    const projects = planRun(input).jobs.flatMap(({ shards }) => shards.flatMap((shard) => shard.projects))
    expect(projects.sort()).toEqual(['he', 'odd', 'proxy', 'tool', 'wheel'])
  })

  it('counts the tasks that run tests, by the names of their targets', () => {
    const names = ['a:test', 'a:test-py3.12', 'a:build', 'a:latest', 'a:tests', 'a:bench-test']
    expect(testTasks(names.map((name) => task(name)))).toBe(2)
  })

  it('of nothing says so of every job', () => {
    expect(new Set(Object.values(expectedOf(planRun({ ...input, tasks: [] }))))).toEqual(new Set(['empty']))
  })

  it('survives tasks that need each other', () => {
    const plan = planRun({ ...input, tasks: [task('he:test', ['he:build']), task('he:build', ['he:test'])] })
    expect(plan.jobs.flatMap(({ shards }) => shards)).toEqual([{ projects: ['he'], ms: 50_000 }])
  })

  it('of a very large change keeps to its caps', () => {
    const tasks = Array.from({ length: 3_000 }, (_, index) => task(`p${index}:test`))
    const [job] = planRun({ ...input, tasks, tags: {}, wallMs: 1, maxShards: 256 }).jobs.filter(({ shards }) => shards.length > 0)
    const { include } = matrixOf(job ?? { id: '', shards: [] })
    expect(include).toHaveLength(256)
    expect(include[255]).toMatchObject({ shard: 256, shards: 256 })
    expect(include.flatMap((entry) => entry.projects.split(','))).toHaveLength(3_000)
  })

  it('promise-1: gives no machine more names than a command line takes', () => {
    const names = Array.from({ length: 3_000 }, (_, index) => `@scope/${'long-'.repeat(15)}${index}`)
    const many = { ...input, tasks: names.map((name) => task(`${name}:test`)), tags: {}, wallMs: 1e12 }
    const shards = planRun({ ...many, maxShards: 256 }).jobs.flatMap((job) => job.shards)
    expect(shards.flatMap(({ projects }) => projects).sort()).toEqual([...names].sort())
    for (const { projects } of shards) expect(projects.join(',').length).toBeLessThan(100_000)
    expect(() => planRun({ ...many, maxShards: 2 })).toThrow(
      /one machine of other-tests would get 1500 projects, whose names take/u,
    )
  })

  it('of one project is a matrix of one, whatever signs its name has', () => {
    const [job] = planRun({ ...input, tasks: [task('@scope/a/b:test')], tags: {} }).jobs.filter(({ shards }) => shards.length > 0)
    expect(matrixOf(job ?? { id: '', shards: [] })).toEqual({ include: [{ shard: 1, shards: 1, projects: '@scope/a/b' }] })
  })
})
