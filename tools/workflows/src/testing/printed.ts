import { parse } from 'yaml'
import { printPipeline } from '../core/model/print.ts'
import type { PipelineFacts } from '../core/pipeline/facts.ts'
import { pipelineOf } from '../core/pipeline/pipeline.ts'

export interface PrintedStep {
  readonly uses?: string
  readonly run?: string
  readonly with?: Readonly<Record<string, unknown>>
  readonly env?: Readonly<Record<string, string>>
}

export interface PrintedJob {
  readonly name: string
  readonly needs?: readonly string[]
  readonly if?: string
  readonly environment?: string
  readonly 'runs-on': string | object
  readonly permissions: Readonly<Record<string, string>>
  readonly 'timeout-minutes': number
  readonly outputs?: Readonly<Record<string, string>>
  readonly strategy?: { readonly matrix: unknown }
  readonly steps: readonly PrintedStep[]
}

/** A workflow as its file says it, read again. */
export interface PrintedWorkflow {
  readonly on: Readonly<Record<string, unknown>>
  readonly permissions: object
  readonly concurrency: { readonly group: string; readonly 'cancel-in-progress': string | boolean }
  readonly jobs: Readonly<Record<string, PrintedJob>>
}

export interface Printed {
  /** Texts by path. */
  readonly files: Readonly<Record<string, string>>
  /** By the name of the file. */
  readonly workflows: Readonly<Record<string, PrintedWorkflow>>
  /** Steps of all workflows and actions. */
  readonly steps: readonly PrintedStep[]
}

/** Everything that is generated for these facts, as a reader of the files sees it. */
export function printedFor(facts: PipelineFacts): Printed {
  const files = printPipeline(pipelineOf(facts))
  const read = (folder: string): [string, unknown][] =>
    Object.entries(files)
      .filter(([path]) => path.startsWith(folder))
      .map(([path, text]) => [path.slice(folder.length), parse(text)])
  const workflows = Object.fromEntries(read('.github/workflows/')) as Printed['workflows']
  const actions = read('.github/actions/').map(([, action]) => action as { runs: { steps: PrintedStep[] } })
  const steps = [
    ...Object.values(workflows).flatMap(({ jobs }) => Object.values(jobs).flatMap((job) => job.steps)),
    ...actions.flatMap(({ runs }) => runs.steps),
  ]
  return { files, workflows, steps }
}
