import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Mode } from '../core/simulate/control-flow.ts'
import type { SimulatedEvent } from '../core/simulate/event.ts'
import { parseInjection } from '../core/simulate/injection.ts'
import { parseWorkflow } from '../core/simulate/parse-workflow.ts'
import type { JobReport, StepReport, WorkflowReport } from '../core/simulate/report.ts'
import { createMachine, type Machine } from '../io/simulate/environment.ts'
import { simulate } from '../io/simulate/simulate.ts'

/** The event that every workflow of these tests is started with. */
export const EVENT: SimulatedEvent = {
  name: 'push',
  ref: 'refs/heads/main',
  sha: 'a'.repeat(40),
  actor: 'octocat',
  payload: { head_commit: { message: '$(touch hacked)' } },
  changedFiles: undefined,
  variables: { GIVEN: 'yes' },
  actionOutputs: { 'dependabot/fetch-metadata': { 'update-type': 'patch' } },
}

/** Gives two outputs of a job: what the step `s` says of `o`, and the variable E. */
export const OUTPUTS = '    outputs: { o: "${{ steps.s.outputs.o }}", e: "${{ env.E }}" }\n'

export interface SimulatedOptions {
  readonly mode?: Mode
  readonly fail?: string
  readonly cancel?: string
  readonly pass?: readonly string[]
}

/** A folder in which workflows are simulated for a push. */
export interface Simulated {
  readonly root: string
  readonly machine: Machine
  readonly write: (path: string, text: string) => void
  /** Runs a workflow, of which the text lacks `on`. */
  readonly run: (text: string, options?: SimulatedOptions) => Promise<WorkflowReport>
  /** Runs the only job of a workflow, with these steps; `keys` are more lines of the job. */
  readonly job: (steps: string, options?: SimulatedOptions & { readonly keys?: string }) => Promise<JobReport>
  readonly dispose: () => void
}

export function createSimulated(): Simulated {
  const root = mkdtempSync(join(tmpdir(), 'interlock-simulated-'))
  const machine = createMachine()
  const run: Simulated['run'] = async (text, { mode = 'real', fail, cancel, pass = [] } = {}) => {
    const workflow = parseWorkflow({ file: 'w.yml', text: `on: push\n${text}` })
    const injections = [
      ...(fail === undefined ? [] : [parseInjection('failure', fail)]),
      ...(cancel === undefined ? [] : [parseInjection('cancelled', cancel)]),
    ]
    return simulate({
      machine,
      workspace: root,
      repository: 'o/r',
      workflow,
      event: EVENT,
      mode,
      injections,
      env: process.env,
      pass,
    })
  }
  return {
    root,
    machine,
    run,
    write: (path, text) => {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(join(root, path), text)
    },
    job: async (steps, { keys = '', ...options } = {}) => {
      const indented = steps.trimEnd().replaceAll('\n', '\n      ')
      const { jobs } = await run(`jobs:\n  a:\n    runs-on: x\n${keys}    steps:\n      ${indented}\n`, options)
      const [only] = jobs
      if (only === undefined) throw new Error('the workflow ran no job')
      return only
    },
    dispose: () => {
      machine.remove()
      rmSync(root, { recursive: true })
    },
  }
}

/** The steps of the first machine of a job. */
export function stepsOf(report: JobReport | undefined): readonly StepReport[] {
  return report?.legs[0]?.steps ?? []
}
