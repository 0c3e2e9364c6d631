import { writeFileSync } from 'node:fs'
import type { Mode } from '../../core/simulate/control-flow.ts'
import { eventFor, type SimulatedEvent } from '../../core/simulate/event.ts'
import { githubContext } from '../../core/simulate/github-context.ts'
import type { Injection } from '../../core/simulate/injection.ts'
import type { Workflow } from '../../core/simulate/model.ts'
import type { JobReport, WorkflowReport } from '../../core/simulate/report.ts'
import { type Machine, machineVariables } from './environment.ts'
import { hashFilesFunction } from './hash-files.ts'
import { runWorkflow } from './run-workflow.ts'

export interface SimulateInput {
  readonly machine: Machine
  /** The checkout in which commands run. */
  readonly workspace: string
  /** `owner/name` */
  readonly repository: string
  readonly workflow: Workflow
  readonly event: SimulatedEvent
  readonly mode: Mode
  readonly injections: readonly Injection[]
  /** The caller's environment, of which steps see only what they need and what `pass` names. */
  readonly env: Readonly<Record<string, string | undefined>>
  readonly pass: readonly string[]
  readonly onJob?: (job: JobReport) => void
}

/** Runs one workflow for an event that starts it. */
export async function simulate({
  machine,
  workspace,
  repository,
  workflow,
  mode,
  injections,
  env,
  pass,
  ...input
}: SimulateInput): Promise<WorkflowReport> {
  const event = eventFor(workflow, input.event)
  const eventFile = machine.file('.json')
  writeFileSync(eventFile, JSON.stringify(event.payload))
  const simulation = {
    machine,
    workspace,
    mode,
    event,
    variables: machineVariables(env, { temp: machine.temp, pass }),
    hashFiles: hashFilesFunction(workspace),
  }
  const github = githubContext(workflow, event, { repository, workspace, eventFile })
  return runWorkflow(simulation, { workflow, github, injections, ...(input.onJob === undefined ? {} : { onJob: input.onJob }) })
}
