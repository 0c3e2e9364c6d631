import { describe, expect, it } from 'vitest'
import type { Injection } from './injection.ts'
import type { Result } from './model.ts'
import { parseWorkflow } from './parse-workflow.ts'
import { decideJob, type EndedJob, type JobDecision, needsContext, nextJob, resultOfLegs } from './run.ts'

/** A chain a → b → c, and a gate that judges all. */
const workflow = parseWorkflow({
  file: 'ci.yml',
  text: `on: push
jobs:
  gate: { needs: [a, b, c], if: always(), runs-on: x, steps: [{ run: x }] }
  c: { needs: b, runs-on: x, steps: [{ run: x }] }
  b: { needs: a, if: "needs.a.outputs.work == 'run' || !cancelled()", runs-on: x, steps: [{ run: x }] }
  a: { runs-on: x, steps: [{ run: x }] }
  m: { needs: a, runs-on: x, strategy: { fail-fast: "\${{ false }}", matrix: "\${{ fromJSON(needs.a.outputs.m) }}" }, steps: [{ run: x }] }
  f: { needs: [a, b], if: failure(), runs-on: x, steps: [{ run: x }] }
`,
})

function ended(results: Readonly<Record<string, Result>>, outputs: Readonly<Record<string, string>> = {}): Map<string, EndedJob> {
  return new Map(Object.entries(results).map(([id, result]) => [id, { id, result, outputs: id === 'a' ? outputs : {} }]))
}

function decide(id: string, before: ReadonlyMap<string, EndedJob>, injections: readonly Injection[] = []): JobDecision {
  const job = workflow.jobs.find((each) => each.id === id)
  if (job === undefined) throw new Error(`no job ${id}`)
  return decideJob({ job, workflow, ended: before, contexts: { github: {}, inputs: {}, vars: {} }, injections })
}

describe('a job', () => {
  it('waits for all that it needs, and comes in the order of the file', () => {
    expect(nextJob(workflow, new Map())?.id).toBe('a')
    expect(nextJob(workflow, ended({ a: 'failure' }))?.id).toBe('b')
    expect(nextJob(workflow, ended({ a: 'success', b: 'success', c: 'skipped' }))?.id).toBe('gate')
    const all = Object.fromEntries(workflow.jobs.map(({ id }) => [id, 'success' as const]))
    expect(nextJob(workflow, ended(all))).toBeUndefined()
  })

  it.each<Result>(['failure', 'cancelled', 'skipped'])('is skipped after a need that ended with %s', (result) => {
    expect(decide('m', ended({ a: result }))).toEqual({
      kind: 'without',
      result: 'skipped',
      reason: `a ended with ${result}`,
      injected: false,
    })
  })

  it('is skipped after a bad job further up, also where the need itself succeeded: as GitHub does it', () => {
    expect(decide('c', ended({ a: 'failure', b: 'success' }))).toMatchObject({
      result: 'skipped',
      reason: 'a ended with failure',
    })
    expect(decide('c', ended({ a: 'success', b: 'success' }))).toMatchObject({ kind: 'start' })
  })

  it('starts in spite of all where its condition says so', () => {
    expect(decide('gate', ended({ a: 'failure', b: 'skipped', c: 'cancelled' }))).toMatchObject({ kind: 'start' })
    expect(decide('b', ended({ a: 'failure' }))).toMatchObject({ kind: 'start' })
    expect(decide('f', ended({ a: 'failure', b: 'success' }))).toMatchObject({ kind: 'start' })
    expect(decide('f', ended({ a: 'success', b: 'success' }))).toMatchObject({
      result: 'skipped',
      reason: 'its condition does not hold: failure()',
    })
  })

  it('has the machines of a matrix that another job gives', () => {
    expect(decide('m', ended({ a: 'success' }, { m: '{"include":[{"shard":1},{"shard":2}]}' }))).toMatchObject({
      kind: 'start',
      failFast: false,
      legs: [
        { matrix: { shard: 1 }, index: 0, total: 2 },
        { matrix: { shard: 2 }, index: 1, total: 2 },
      ],
    })
  })

  it.each(['', '{', '{"include":[]}'])('promise-1: fails where its matrix is %j', (m) => {
    expect(decide('m', ended({ a: 'success' }, { m }))).toMatchObject({ kind: 'without', result: 'failure' })
  })

  it('takes an injected result where it would have started, and only there', () => {
    const fail: Injection = { result: 'failure', job: 'c', words: 'c' }
    expect(decide('c', ended({ a: 'success', b: 'success' }), [fail])).toMatchObject({
      result: 'failure',
      reason: 'given with --fail c',
      injected: true,
    })
    expect(decide('c', ended({ a: 'failure', b: 'success' }), [fail])).toMatchObject({ result: 'skipped', injected: false })
    expect(decide('m', ended({ a: 'success' }, { m: '{"v":[1]}' }), [{ ...fail, job: 'm', leg: '1' }])).toMatchObject({
      kind: 'start',
    })
  })

  it('sees the results and outputs of what it needs itself, and of nothing else', () => {
    const [gate, c] = workflow.jobs
    const before = ended({ a: 'success', b: 'failure' }, { x: '1' })
    expect(c && needsContext(c, before)).toEqual({ b: { result: 'failure', outputs: {} } })
    expect(gate && Object.keys(needsContext(gate, before))).toEqual(['a', 'b', 'c'])
  })
})

it.each<[readonly Result[], Result]>([
  [['success', 'success'], 'success'],
  [['success', 'failure', 'cancelled'], 'failure'],
  [['success', 'cancelled'], 'cancelled'],
])('machines that ended with %j make a job that ended with %s', (results, result) => {
  expect(resultOfLegs(results)).toBe(result)
})
