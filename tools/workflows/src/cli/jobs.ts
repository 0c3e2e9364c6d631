import type { Invocation, Outcome } from '@interlock/cli'
import { EXIT } from '@interlock/kit'
import { actionName } from '../core/model/action-name.ts'
import type { Job, SecretStep, Step } from '../core/model/types.ts'
import { PINS } from '../core/pipeline/pins.ts'
import { pipelineOf } from '../core/pipeline/pipeline.ts'
import { pipelineFacts } from '../io/facts.ts'

/** One job of CI, as it is described to people. */
interface JobDescription {
  readonly id: string
  readonly purpose: string
  /** Name of the check that GitHub shows. */
  readonly check: string
  /** What a person types for the same; an action by its name. */
  readonly commands: readonly string[]
  readonly needs: readonly string[]
  readonly minutes: number
  readonly satisfies: readonly string[]
}

/** `interlock ci jobs`: what CI does, job by job. */
export async function runJobs({ root }: Invocation): Promise<Outcome> {
  const { workflows } = pipelineOf(pipelineFacts(root))
  const described = workflows.map(({ file, jobs, satisfies }) => ({ file, satisfies, jobs: jobs.map(describe) }))
  const lines = described.flatMap(({ file, jobs }) => [
    file,
    ...jobs.flatMap(({ id, purpose, commands }) => [`  ${id}: ${purpose}`, ...commands.map((command) => `    ${command}`)]),
  ])
  return { status: EXIT.done, prose: lines.join('\n'), data: { workflows: described } }
}

function describe({ id, title = id, purpose, steps, needs, timeoutMinutes, satisfies }: Job): JobDescription {
  return { id, check: title, purpose, commands: steps.flatMap(commandOf), needs, minutes: timeoutMinutes, satisfies }
}

/** What a step does that another machine could do as well; the rest only makes this one ready. */
function commandOf(step: Step | SecretStep): string[] {
  if (step.kind === 'command' || step.kind === 'secret') return [step.words.join(' ')]
  return step.kind === 'action' && step.pin.repository !== PINS.checkout.repository ? [actionName(step.pin)] : []
}
