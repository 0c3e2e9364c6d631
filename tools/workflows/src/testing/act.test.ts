import { describe, expect, it } from 'vitest'
import { printPipeline } from '../core/model/print.ts'
import { pipelineOf } from '../core/pipeline/pipeline.ts'
import { runWithAct } from './act.ts'
import type { ActResult } from './act-log.ts'
import { REPOSITORIES } from './generated.ts'
import { refereeHere } from './referees.ts'
import { EMPTY_JOBS, standIns } from './stand-ins.ts'

const { found, missing, title } = await refereeHere('act')
const program = found.kind === 'found' ? found.program : ''
const files = printPipeline(pipelineOf(REPOSITORIES['this repository']!))

/** Runs ci.yml with the real gate. */
async function run(event: string, broken?: string): Promise<Readonly<Record<string, ActResult>> | undefined> {
  const { standIn, dispose } = standIns({ broken, gate: 'real' })
  try {
    return await runWithAct({
      program,
      files,
      workflow: '.github/workflows/ci.yml',
      event: { name: event, payload: {} },
      standIn,
    })
  } finally {
    dispose()
  }
}

describe.skipIf(missing)(`ci.yml, run by ${title}`, () => {
  it('gives a machine to each shard, skips what the plan has no work for, and is green', async () => {
    const results = (await run('push')) ?? {}
    const skipped = Object.keys(results).filter((job) => results[job] === 'skipped')
    expect(skipped.sort()).toEqual([...EMPTY_JOBS].sort())
    expect(results).toMatchObject({ plan: 'success', 'rust-tests': 'success', 'typescript-tests': 'success', gate: 'success' })
  })

  it('promise-1: one machine of a matrix is enough for a red gate', async () => {
    expect(await run('push', 'project-2')).toMatchObject({
      'rust-tests': 'failure',
      'typescript-tests': 'success',
      gate: 'failure',
    })
  })

  it('does nothing on an event that it does not listen to', async () => {
    expect(await run('release')).toBeUndefined()
  })
})
