import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { JOB_IDS } from '../core/jobs.ts'
import { printPipeline } from '../core/model/print.ts'
import { PLAN_OUTPUT } from '../core/needs.ts'
import { pipelineOf } from '../core/pipeline/pipeline.ts'
import { setOutputs } from '../io/github.ts'
import { runWithAct } from './act.ts'
import type { ActResult } from './act-log.ts'
import { REPOSITORIES, REPOSITORY } from './generated.ts'
import { refereeHere } from './referees.ts'

const { found, missing, title } = await refereeHere('act')
const program = found.kind === 'found' ? found.program : ''
const files = printPipeline(pipelineOf(REPOSITORIES['this repository']!))
const workflows = Object.keys(files).filter((path) => path.startsWith('.github/workflows/'))

/** Payloads with what GitHub puts into them, as far as the generated files read it. */
const EVENTS: Readonly<Record<string, object>> = {
  pull_request: {
    action: 'opened',
    number: 7,
    pull_request: { number: 7, head: { ref: '$(id)', sha: 'a'.repeat(40) }, base: { ref: 'main', sha: 'b'.repeat(40) } },
  },
  push: { ref: 'refs/heads/main', before: 'a'.repeat(40), after: 'b'.repeat(40) },
  merge_group: { merge_group: { head_ref: 'refs/heads/q', base_ref: 'refs/heads/main' } },
  schedule: { schedule: '0 2 * * *' },
}

/** Jobs that the plan of these tests has work for. */
const PLANNED: Readonly<Record<string, number>> = { 'rust-tests': 2, 'typescript-tests': 1 }
const EMPTY = JOB_IDS.filter((id) => PLANNED[id] === undefined)

let folder: string
let planned: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'interlock-act-'))
  planned = join(folder, 'plan')
  const matrix = (shards: number): object => ({
    include: Array.from({ length: shards }, (_, index) => ({ shard: index + 1, shards, projects: `project-${index + 1}` })),
  })
  setOutputs(
    { GITHUB_OUTPUT: planned },
    {
      [PLAN_OUTPUT]: Object.fromEntries(JOB_IDS.map((id) => [id, PLANNED[id] === undefined ? 'empty' : 'run'])),
      ...Object.fromEntries(JOB_IDS.map((id) => [id, matrix(PLANNED[id] ?? 0)])),
    },
  )
})
afterAll(() => rmSync(folder, { recursive: true }))

const REAL_GATE = `cd ${REPOSITORY} && node tools/cli/bin/interlock.js ci gate`
const QUICK_GATE = 'case "$INTERLOCK_NEEDS" in *failure*) exit 5;; esac'

interface Given {
  readonly workflow: string
  readonly event: string
  /** A job that fails, or a project whose tasks do. */
  readonly broken?: string
  readonly gate?: string
}

/** Runs a workflow whose plan is given, and in which everything but what is broken succeeds. */
async function run({
  workflow,
  event,
  broken,
  gate = QUICK_GATE,
}: Given): Promise<Readonly<Record<string, ActResult>> | undefined> {
  const standIn = (command: string, job: string): string => {
    if (job !== '' && job === broken) return 'exit 1'
    if (command.includes(' ci plan ')) return `cat ${planned} >> "$GITHUB_OUTPUT"`
    if (command.endsWith(' ci gate')) return gate
    return `test "$INTERLOCK_PROJECTS" != "${broken ?? ''}" || test -z "$INTERLOCK_PROJECTS"`
  }
  return runWithAct({ program, files, workflow, event: { name: event, payload: EVENTS[event] ?? {} }, standIn })
}

function listensTo(workflow: string): string[] {
  return Object.keys((parse(files[workflow] ?? '') as { readonly on: object }).on)
}

const runs = workflows.flatMap((workflow) => listensTo(workflow).map((event) => ({ workflow, event })))

const CI = '.github/workflows/ci.yml'

describe.skipIf(missing)(`the generated workflows, run by ${title}`, () => {
  it.each(runs)('promise-1: $workflow, $event: no job can fail without a red gate', async (given) => {
    const green = (await run(given)) ?? {}
    expect(Object.keys(green)).not.toEqual([])
    expect(Object.values(green)).not.toContain('failure')
    if (green['gate'] === undefined) return
    const ran = Object.keys(green).filter((job) => green[job] === 'success')
    expect(ran).toContain('gate')
    const others = ran.filter((id) => id !== 'gate')
    // A run takes a second of work: every job is broken once, and one for each event.
    for (const job of given.event === listensTo(given.workflow)[0] ? others : others.slice(-1))
      expect(await run({ ...given, broken: job })).toMatchObject({ [job]: 'failure', gate: 'failure' })
  })

  it('gives a machine to each shard, skips what the plan has no work for, and is green', async () => {
    const results = (await run({ workflow: CI, event: 'pull_request', gate: REAL_GATE })) ?? {}
    const skipped = Object.keys(results).filter((job) => results[job] === 'skipped')
    expect(skipped.sort()).toEqual([...EMPTY].sort())
    expect(results).toMatchObject({ plan: 'success', 'rust-tests': 'success', 'typescript-tests': 'success', gate: 'success' })
  })

  it('promise-1: one machine of a matrix is enough for a red gate', async () => {
    expect(await run({ workflow: CI, event: 'push', broken: 'project-2', gate: REAL_GATE })).toMatchObject({
      'rust-tests': 'failure',
      'typescript-tests': 'success',
      gate: 'failure',
    })
  })

  it('says nothing of a workflow that does not listen to an event', async () => {
    expect(await run({ workflow: CI, event: 'release' })).toBeUndefined()
  })
})
