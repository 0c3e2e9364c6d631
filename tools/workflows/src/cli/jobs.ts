import type { Invocation, Outcome } from '@interlock/cli'
import { EXIT } from '@interlock/kit'
import type { CommandStep, Job, Step } from '../core/model/types.ts'
import { pipelineOf } from '../core/pipeline/pipeline.ts'
import { pipelineFacts } from '../io/facts.ts'

/** One job of CI, as it is described to people. */
interface JobDescription {
  readonly id: string
  readonly purpose: string
  /** The command that a person types for the same. */
  readonly command: string
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
    ...jobs.flatMap(({ id, purpose, command }) => [`  ${id}: ${purpose}`, `    ${command}`]),
  ])
  return { status: EXIT.done, prose: lines.join('\n'), data: { workflows: described } }
}

function describe({ id, purpose, steps, needs, timeoutMinutes, satisfies }: Job): JobDescription {
  const command = steps.find((step: Step): step is CommandStep => step.kind === 'command')?.words ?? []
  return { id, purpose, command: command.join(' '), needs, minutes: timeoutMinutes, satisfies }
}
