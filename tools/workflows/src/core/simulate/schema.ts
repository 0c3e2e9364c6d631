import { z } from 'zod'

type Texts = Readonly<Record<string, string>>

/** A step as YAML gives it, with texts for everything that GitHub Actions takes as text. */
export interface RawStep {
  readonly id?: string | undefined
  readonly if?: string | undefined
  readonly name?: string | undefined
  readonly uses?: string | undefined
  readonly run?: string | undefined
  readonly shell?: string | undefined
  readonly 'working-directory'?: string | undefined
  readonly with?: Texts | null | undefined
  readonly env?: Texts | null | undefined
  readonly 'continue-on-error'?: string | undefined
  readonly 'timeout-minutes'?: string | undefined
}

export interface RawDefaults {
  readonly run?: { readonly shell?: string | undefined; readonly 'working-directory'?: string | undefined } | undefined
}

export interface RawJob {
  readonly name?: string | undefined
  readonly needs?: readonly string[] | undefined
  readonly if?: string | undefined
  readonly 'runs-on': unknown
  readonly concurrency?: unknown
  readonly outputs?: Texts | null | undefined
  readonly env?: Texts | null | undefined
  readonly defaults?: RawDefaults | undefined
  readonly steps: readonly RawStep[]
  readonly 'timeout-minutes'?: string | undefined
  readonly strategy?: { readonly matrix?: unknown; readonly 'fail-fast'?: string | undefined } | undefined
  readonly 'continue-on-error'?: string | undefined
}

export type RawFilter = Readonly<Record<string, readonly string[] | undefined>>

export interface RawEvents {
  readonly [name: string]: unknown
  readonly schedule?: readonly { readonly cron: string }[] | undefined
  readonly workflow_dispatch?:
    | { readonly inputs?: Readonly<Record<string, { readonly default?: string | undefined } | null>> | null | undefined }
    | null
    | undefined
}

export interface RawWorkflow {
  readonly name?: string | undefined
  readonly on: RawEvents
  readonly env?: Texts | null | undefined
  readonly defaults?: RawDefaults | undefined
  readonly concurrency?: unknown
  readonly jobs: Readonly<Record<string, RawJob>>
}

export interface RawAction {
  readonly inputs?: Readonly<Record<string, { readonly default?: string | undefined } | null>> | null | undefined
  readonly outputs?: Readonly<Record<string, { readonly value?: string | undefined }>> | null | undefined
  readonly runs: { readonly using: string; readonly steps?: readonly RawStep[] | undefined }
}

const text: z.ZodType<string> = z
  .union([z.string(), z.number(), z.boolean(), z.null()], { error: 'is no text' })
  .transform((value) => (value === null ? '' : String(value)))
const texts: z.ZodType<Texts> = z.record(z.string(), text)
const list: z.ZodType<readonly string[]> = z.union([text.transform((one) => [one]), z.array(text)])
const id = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_-]*$/u, 'is no name: letters, digits, "-" and "_", not beginning with a digit or "-"')

/** Keys that say with which rights a job runs, or what is shown of it: they change nothing in what is simulated. */
const ignored = z.unknown().optional()

const runDefaults: z.ZodType<RawDefaults> = z.strictObject({
  run: z.strictObject({ shell: text.optional(), 'working-directory': text.optional() }).optional(),
})

const step: z.ZodType<RawStep> = z.strictObject({
  id: id.optional(),
  if: text.optional(),
  name: text.optional(),
  uses: z.string().optional(),
  run: z.string().optional(),
  shell: text.optional(),
  'working-directory': text.optional(),
  with: texts.nullish(),
  env: texts.nullish(),
  'continue-on-error': text.optional(),
  'timeout-minutes': text.optional(),
})

const job: z.ZodType<RawJob> = z.strictObject({
  name: text.optional(),
  needs: list.optional(),
  if: text.optional(),
  'runs-on': z.unknown(),
  permissions: ignored,
  environment: ignored,
  concurrency: z.unknown().optional(),
  outputs: texts.nullish(),
  env: texts.nullish(),
  defaults: runDefaults.optional(),
  steps: z.array(step).min(1, 'has no step'),
  'timeout-minutes': text.optional(),
  strategy: z
    .strictObject({ matrix: z.unknown().optional(), 'fail-fast': text.optional(), 'max-parallel': text.optional() })
    .optional(),
  'continue-on-error': text.optional(),
  'cache-mode': ignored,
})

const filter = z
  .strictObject({
    branches: list.optional(),
    'branches-ignore': list.optional(),
    tags: list.optional(),
    'tags-ignore': list.optional(),
    paths: list.optional(),
    'paths-ignore': list.optional(),
    types: list.optional(),
    workflows: list.optional(),
  })
  .nullable()
  .optional()

const dispatch = z
  .strictObject({
    inputs: z.record(z.string(), z.looseObject({ default: text.optional() }).nullable()).nullish(),
  })
  .nullish()

const events = z.strictObject({
  push: filter,
  pull_request: filter,
  pull_request_target: filter,
  pull_request_review: filter,
  merge_group: filter,
  schedule: z.array(z.strictObject({ cron: z.string(), timezone: text.optional() })).optional(),
  workflow_dispatch: dispatch,
  workflow_run: filter,
  workflow_call: ignored,
  repository_dispatch: filter,
  release: filter,
  issues: filter,
  issue_comment: filter,
})
const eventName = z.enum(Object.keys(events.shape) as [string, ...string[]])

export const workflowSchema: z.ZodType<RawWorkflow> = z.strictObject({
  name: text.optional(),
  'run-name': text.optional(),
  on: z.union([
    eventName.transform((name): RawEvents => ({ [name]: name === 'schedule' ? [] : null })),
    z.array(eventName).transform((names): RawEvents => Object.fromEntries(names.map((name) => [name, null]))),
    events,
  ]),
  permissions: ignored,
  env: texts.nullish(),
  defaults: runDefaults.optional(),
  concurrency: z.unknown().optional(),
  'cache-mode': ignored,
  jobs: z.record(id, job),
})

export const actionSchema: z.ZodType<RawAction> = z.strictObject({
  name: z.string(),
  author: text.optional(),
  description: text.optional(),
  branding: ignored,
  inputs: z.record(z.string(), z.looseObject({ default: text.optional() }).nullable()).nullish(),
  outputs: z.record(z.string(), z.looseObject({ value: text.optional() })).nullish(),
  runs: z.looseObject({ using: z.string(), steps: z.array(step).optional() }),
})
