import { createTestWorkspace } from '@interlock/kit/testing'
import { describe, expect, it } from 'vitest'
import { printPipeline } from '../core/model/print.ts'
import { pipelineOf } from '../core/pipeline/pipeline.ts'
import type { SimulatedEvent } from '../core/simulate/event.ts'
import { fixtureEvent, FIXTURES } from '../core/simulate/fixtures.ts'
import { parseWorkflow } from '../core/simulate/parse-workflow.ts'
import { startOf } from '../core/simulate/trigger.ts'
import { createMachine } from '../io/simulate/environment.ts'
import { simulate } from '../io/simulate/simulate.ts'
import { runWithAct } from './act.ts'
import { filesForAct } from './act-files.ts'
import { REPOSITORIES } from './generated.ts'
import { refereeHere } from './referees.ts'
import { standIns } from './stand-ins.ts'

const { found, missing, title } = await refereeHere('act')
const program = found.kind === 'found' ? found.program : ''
const facts = REPOSITORIES['this repository']!
const files = printPipeline(pipelineOf(facts))
const workflows = Object.keys(files).filter((path) => path.startsWith('.github/workflows/'))
const repository = {
  repository: 'example/example',
  mainBranch: facts.mainBranch,
  head: 'a'.repeat(40),
  before: 'b'.repeat(40),
  base: 'c'.repeat(40),
}

/** Every event of which `ci simulate` says that it starts a generated workflow. */
const started = workflows.flatMap((workflow) =>
  FIXTURES.flatMap((fixture) => {
    const event = fixtureEvent(fixture, repository, ['.github/workflows/ci.yml'])
    const { starts } = startOf(parseWorkflow({ file: workflow, text: files[workflow] ?? '' }), event)
    return starts ? [{ workflow, fixture: fixture.name, event }] : []
  }),
)
const firstEvents = new Set(workflows.map((workflow) => started.find((one) => one.workflow === workflow)?.event))

type Results = Readonly<Record<string, string>>

/** What becomes of each job in the two executors, over the same files. */
async function both(
  { workflow, event }: Started,
  broken?: string,
): Promise<{ readonly act: Results; readonly simulated: Results }> {
  const { standIn, dispose } = standIns({ broken })
  try {
    const given = { files, workflow, standIn, actionOutputs: event.actionOutputs }
    const act = (await runWithAct({ ...given, program, event })) ?? {}
    return { act, simulated: await simulated(filesForAct(given).files, { workflow, event }) }
  } finally {
    dispose()
  }
}

interface Started {
  readonly workflow: string
  readonly event: SimulatedEvent
}

async function simulated(copies: Readonly<Record<string, string>>, { workflow, event }: Started): Promise<Results> {
  await using workspace = await createTestWorkspace({ files: copies, git: false })
  const machine = createMachine()
  try {
    const { jobs } = await simulate({
      machine,
      workspace: workspace.root,
      repository: repository.repository,
      workflow: parseWorkflow({ file: workflow, text: copies[workflow] ?? '' }),
      event,
      mode: 'real',
      injections: [],
      env: process.env,
      pass: [],
    })
    return Object.fromEntries(jobs.map(({ id, result }) => [id, result]))
  } finally {
    machine.remove()
  }
}

describe.skipIf(missing)(`ci simulate and ${title}`, () => {
  it('are asked about every generated workflow', () => {
    expect([...new Set(started.map(({ workflow }) => workflow))]).toEqual(workflows)
  })

  it.each(started)(
    'promise-1: agree on every job of $workflow on $fixture, and no job fails without a red gate',
    async (given) => {
      const green = await both(given)
      expect(green.simulated).toEqual(green.act)
      expect(Object.values(green.act)).not.toContain('failure')
      const { breakable } = filesForAct({ files, workflow: given.workflow, standIn: (command) => command })
      const ran = breakable.filter((job) => green.act[job] === 'success' && job !== 'gate')
      expect(ran.length > 0).toBe(Object.values(green.act).some((result) => result !== 'skipped'))
      // A run takes a second of work: every job is broken once, and one for each event.
      for (const job of firstEvents.has(given.event) ? ran : ran.slice(-1)) {
        const red = await both(given, job)
        expect(red.simulated).toEqual(red.act)
        expect(red.act).toMatchObject({ [job]: 'failure', ...(red.act['gate'] === undefined ? {} : { gate: 'failure' }) })
      }
    },
  )
})
