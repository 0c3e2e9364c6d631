import { z } from 'zod'
import type { Pipeline, Sha, Step } from '../model/types.ts'

/** What interlock.yaml says of one repository of actions. */
export interface PinOverride {
  readonly version: string
  readonly sha: string
  readonly reviewed: string
}

/** `ci.pins` of interlock.yaml, by repository: other versions than those of the catalogue, and actions that it does not have. */
export type PinOverrides = Readonly<Record<string, PinOverride>>

export const pinOverridesSchema: z.ZodType<PinOverrides> = z
  .record(
    z.string().regex(/^[A-Za-z0-9][A-Za-z0-9-]*\/(?!\.{1,2}$)[A-Za-z0-9._-]+$/u, 'name a repository as owner/name'),
    z.strictObject({
      version: z
        .string()
        .regex(/^v?\d+\.\d+\.\d+$/u, 'take a whole version such as v1.2.3')
        .describe('The tag that the commit has.'),
      sha: z
        .string('put the commit in quotes')
        .regex(/^[0-9a-f]{40}$/u, 'take the 40 hexadecimal digits of the commit')
        .describe('The commit that is used.'),
      reviewed: z.string().min(1).describe('The day on which somebody looked at the commit, and how.'),
    }),
  )
  .describe('Third-party actions at other versions than those of the catalogue, and actions that it does not have.')

/** The pipeline with the versions that interlock.yaml names. Everything else stays. */
export function withPins({ workflows, actions }: Pipeline, overrides: PinOverrides): Pipeline {
  return {
    workflows: workflows.map((workflow) => ({
      ...workflow,
      jobs: workflow.jobs.map((job) => ({ ...job, steps: stepsWith(job.steps, overrides) })),
    })),
    actions: actions.map((action) => ({ ...action, steps: stepsWith(action.steps, overrides) })),
  }
}

type Steps = readonly [Step, ...Step[]]

function stepsWith([first, ...others]: Steps, overrides: PinOverrides): Steps {
  return [stepWith(first, overrides), ...others.map((step) => stepWith(step, overrides))]
}

function stepWith(step: Step, overrides: PinOverrides): Step {
  if (step.kind !== 'action' || !Object.hasOwn(overrides, step.pin.repository)) return step
  const override = overrides[step.pin.repository]
  return override === undefined ? step : { ...step, pin: { ...step.pin, ...override, sha: override.sha as Sha } }
}
