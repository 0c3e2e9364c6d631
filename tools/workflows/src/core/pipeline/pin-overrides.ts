import { z } from 'zod'
import { type Pin, type Sha, SHA_PATTERN, type Version } from '../model/pin.ts'
import type { Pipeline } from '../model/types.ts'

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
        .regex(SHA_PATTERN, 'take the 40 hexadecimal digits of the commit')
        .describe('The commit that is used.'),
      reviewed: z.string().min(1).describe('The day on which somebody looked at the commit, and how.'),
    }),
  )
  .describe('Third-party actions at other versions than those of the catalogue, and actions that it does not have.')

/** The pipeline with the versions that interlock.yaml names. Everything else stays. */
export function withPins(pipeline: Pipeline, overrides: PinOverrides): Pipeline {
  return { ...pipeline, workflows: withIn(pipeline.workflows, overrides), actions: withIn(pipeline.actions, overrides) }
}

/** What a step has under `pin` is one, wherever the step stands. */
function withIn<T>(value: T, overrides: PinOverrides): T {
  if (Array.isArray(value)) return value.map((item: unknown) => withIn(item, overrides)) as T
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, item]) => [
    key,
    key === 'pin' ? pinned(item as Pin, overrides) : withIn(item as unknown, overrides),
  ])
  return Object.fromEntries(entries) as T
}

function pinned(pin: Pin, overrides: PinOverrides): Pin {
  const override = Object.hasOwn(overrides, pin.repository) ? overrides[pin.repository] : undefined
  return override === undefined ? pin : { ...pin, ...override, version: override.version as Version, sha: override.sha as Sha }
}
