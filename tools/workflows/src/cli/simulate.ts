import { basename } from 'node:path'
import type { Invocation, Outcome } from '@interlock/cli'
import { EXIT, type ExitStatus, InterlockError } from '@interlock/kit'
import { readNxJson } from '@interlock/nx'
import type { Mode } from '../core/simulate/control-flow.ts'
import type { SimulatedEvent } from '../core/simulate/event.ts'
import { fixtureEvent, FIXTURES } from '../core/simulate/fixtures.ts'
import { expectKnownJobs, type Injection, parseInjection } from '../core/simulate/injection.ts'
import type { Workflow } from '../core/simulate/model.ts'
import { workflowProse } from '../core/simulate/prose.ts'
import type { WorkflowReport } from '../core/simulate/report.ts'
import { startOf } from '../core/simulate/trigger.ts'
import { createMachine, type Machine } from '../io/simulate/environment.ts'
import { findEvent } from '../io/simulate/find-event.ts'
import { readRepository, type SimulatedRepository } from '../io/simulate/repository.ts'
import { simulate } from '../io/simulate/simulate.ts'
import { cloneWorkspace, readWorkflows } from '../io/simulate/workspace.ts'

/** `interlock ci simulate`: runs the workflows that an event starts, on this machine. */
export async function runSimulate(invocation: Invocation): Promise<Outcome> {
  const { root, options } = invocation
  const workflow = typeof options['workflow'] === 'string' ? options['workflow'] : undefined
  const mainBranch = (readNxJson(root).defaultBase ?? 'main').replace(/^origin\//u, '')
  const repository = await readRepository(root, { mainBranch, folder: basename(root) })
  if (options['list'] === true) return listing(readWorkflows(root, workflow), repository)
  const name = options['event']
  if (typeof name !== 'string')
    throw new InterlockError('USAGE', 'there is no event to simulate', { hint: 'give one with --event; --list names them' })
  const event = findEvent(name, repository, root)
  const copy = options['copy'] === true
  const mode: Mode = options['controlFlow'] === true ? 'control-flow' : 'real'
  if (copy && mode === 'control-flow') {
    throw new InterlockError('USAGE', '--copy and --control-flow exclude each other: nothing would make the copy ready', {
      hint: 'leave one of them out',
    })
  }
  const machine = createMachine()
  try {
    const workspace = copy ? await cloneWorkspace(root, machine.temp) : root
    return await runEvent({
      invocation,
      repository,
      event,
      mode,
      machine,
      workspace,
      workflows: readWorkflows(workspace, workflow),
    })
  } finally {
    machine.remove()
  }
}

interface EventRun {
  readonly invocation: Invocation
  readonly repository: SimulatedRepository
  readonly event: SimulatedEvent
  readonly mode: Mode
  readonly machine: Machine
  readonly workspace: string
  readonly workflows: readonly Workflow[]
}

async function runEvent({ invocation, repository, event, mode, machine, workspace, workflows }: EventRun): Promise<Outcome> {
  const { env, json } = invocation
  const judged = workflows.map((workflow) => ({ workflow, start: startOf(workflow, event) }))
  const started = judged.flatMap(({ workflow, start }) => (start.starts ? [workflow] : []))
  const notStarted = judged.flatMap(({ workflow: { file }, start }) => (start.starts ? [] : [{ file, reason: start.reason }]))
  const injections = injectionsOf(invocation)
  if (started.length > 0) expectKnownJobs(injections, started)
  const reports: WorkflowReport[] = []
  for (const workflow of started) {
    const onJob = ({ id, result }: { readonly id: string; readonly result: string }): void => {
      if (!json) process.stderr.write(`${basename(workflow.file)}: ${id} ${result}\n`)
    }
    const pass = wordsOf(invocation, 'pass')
    const { repository: own } = repository.facts
    reports.push(await simulate({ machine, workspace, repository: own, workflow, event, mode, injections, env, pass, onJob }))
  }
  const prose = [
    `${event.name} on ${event.ref} (${event.sha.slice(0, 12)})`,
    ...reports.map((report) => workflowProse(report, mode)),
    ...notStarted.map(({ file, reason }) => `${file} is not started: ${reason}`),
    ...(reports.length === 0 ? ['the event starts nothing, so nothing was simulated'] : []),
  ]
  const { name, ref, sha, actor } = event
  return {
    status: statusOf(reports),
    prose: prose.join('\n\n'),
    data: { event: { name, ref, sha, actor }, mode, workflows: reports, notStarted },
  }
}

/** Status 3 where the question was not answered: nothing ran, or an injected result changed nothing. */
function statusOf(reports: readonly WorkflowReport[]): ExitStatus {
  if (reports.length === 0 || reports.some(({ unused }) => unused.length > 0)) return EXIT.inconclusive
  return reports.every(({ verdict }) => verdict.green) ? EXIT.done : EXIT.checkFailed
}

function injectionsOf(invocation: Invocation): readonly Injection[] {
  const given = (['fail', 'skip', 'cancel'] as const).flatMap((option) =>
    wordsOf(invocation, option).map((words) => parseInjection(RESULTS[option], words)),
  )
  const twice = given.find((each) => given.some((other) => other !== each && other.job === each.job && other.leg === each.leg))
  if (twice !== undefined)
    throw new InterlockError('USAGE', `${twice.words} is given two results`, { hint: 'leave one of them out' })
  return given
}

const RESULTS = { fail: 'failure', skip: 'skipped', cancel: 'cancelled' } as const

function wordsOf({ options }: Invocation, name: string): readonly string[] {
  const value = options[name]
  return Array.isArray(value) ? (value as readonly string[]) : []
}

function listing(workflows: readonly Workflow[], { facts, changed }: SimulatedRepository): Outcome {
  const fixtures = FIXTURES.map((fixture) => {
    const event = fixtureEvent(fixture, facts, undefined)
    const changedFiles = event.name === 'push' ? changed.sinceBefore : changed.sinceBase
    const starts = workflows.filter((workflow) => startOf(workflow, { ...event, changedFiles }).starts)
    return { name: fixture.name, summary: fixture.summary, starts: starts.map(({ file }) => basename(file)) }
  })
  const width = Math.max(...fixtures.map(({ name }) => name.length))
  const lines = fixtures.map(
    ({ name, summary, starts }) => `${name.padEnd(width)}  ${summary}: ${starts.join(', ') || 'starts nothing'}`,
  )
  return { status: EXIT.done, prose: lines.join('\n'), data: { fixtures } }
}
