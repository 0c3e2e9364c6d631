import { z } from 'zod'
import type { HostedImage, OwnMachines } from '../model/types.ts'
import { pinOverridesSchema, type PinOverrides } from './pin-overrides.ts'

/** A secret that a workflow may read. */
export interface SecretSpec {
  readonly name: string
  readonly environment: string
  /** Who puts in a new one. */
  readonly owner: string
  readonly maxAgeDays: number
}

/** What the host keeps secrets and approvals in. */
export interface EnvironmentSpec {
  readonly name: string
  /** Who has to approve a job before it starts; empty where a branch alone decides. */
  readonly reviewers: readonly string[]
}

export interface GpuMachines extends OwnMachines {
  readonly environment: string
  readonly targets: readonly string[]
}

export interface DocsSite {
  /** The project that builds the site. */
  readonly project: string
  /** The folder that it is built into. */
  readonly output: string
  readonly environment: string
}

/** What is used where the repository has it: CodeQL is a service of the host, Nx Cloud is one of its vendor. */
export type Engine = 'codeql' | 'nx-cloud'

/** The section `ci` of interlock.yaml: what neither the graph nor a manifest can say, with every default filled in. */
export interface CiSection {
  readonly main?: string | undefined
  readonly schedule: string
  readonly python?: readonly string[] | undefined
  /** Targets that CI runs, without those of each Python, in the order in which a person would. */
  readonly targets: readonly string[]
  /** Targets that run once a month on every project that has them, and on no change. */
  readonly monthly: readonly string[]
  /** Options of `npm run setup` for the machine of those, such as tools that nothing else needs. */
  readonly monthlySetup: readonly string[]
  readonly image: HostedImage
  readonly gpu?: GpuMachines | undefined
  readonly docs?: DocsSite | undefined
  readonly environments: readonly EnvironmentSpec[]
  readonly secrets: readonly SecretSpec[]
  readonly owners?: { readonly everything: readonly string[]; readonly security: readonly string[] } | undefined
  readonly engines: readonly Engine[]
  /** Whether the jobs prove to the remote cache who they are. */
  readonly remoteCache: boolean
  readonly pins: PinOverrides
  readonly handwritten: readonly string[]
}

/** YAML reads 3.10 without quotes as the number 3.1, which is another Python. */
const pythonVersion = z
  .string({
    error: ({ input }) =>
      typeof input === 'number'
        ? "is a number, and YAML reads 3.10 as 3.1: write the version in quotes, as '3.10'"
        : 'Invalid input: expected a version in quotes',
  })
  .regex(/^3\.\d+$/, 'is no version of Python such as "3.12"')

/** The most of each field of a schedule, from the minute to the weekday. */
const MOST = [59, 23, 31, 12, 7]

function isInRange(schedule: string): boolean {
  return schedule
    .split(' ')
    .every((field, at) => (field.match(/\d+/gu) ?? []).every((digits) => Number(digits) <= (MOST[at] ?? 0)))
}

const words = z.string().regex(/^[A-Za-z0-9@][A-Za-z0-9@/._-]*$/, 'may only have letters, digits and @ / . _ -')
const target = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._:-]*$/, 'may only have letters, digits and . _ : -')
const option = z.string().regex(/^--[a-z][a-z0-9-]*$/, 'is no option such as --coverage')
const name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'may only have letters, digits and . _ -')
const branch = z
  .string()
  .regex(/^(?!.*(?:\.\.|\/\/))[A-Za-z0-9](?:[A-Za-z0-9._/-]*[A-Za-z0-9_-])?$/, 'may only have letters, digits and . _ - /')
const owner = z
  .string()
  .regex(/^@[A-Za-z0-9][A-Za-z0-9-]*(?:\/[A-Za-z0-9][A-Za-z0-9._-]*)?$/, 'is no @person or @organisation/team')
const folder = z.string().regex(/^(?!\/)(?!.*(?:^|\/)\.\.(?:\/|$))[A-Za-z0-9@._/-]+$/, 'is no folder below the workspace')

const shape = z.strictObject({
  main: branch.optional().describe('The branch that changes go to. Default: `defaultBase` of nx.json.'),
  schedule: z
    .string()
    .regex(/^(?:[0-9*/,-]+ ){4}[0-9*/,-]+$/, 'is no schedule of five fields such as "0 2 * * *"')
    .refine(isInRange, 'has a number that no minute, hour, day, month or weekday is')
    .default('0 2 * * *')
    .describe('When everything runs although nothing changed: cron, in UTC.'),
  python: z
    .array(pythonVersion)
    .min(1)
    .refine((versions) => new Set(versions).size === versions.length, 'names a version twice')
    .optional()
    .describe('Versions of Python that CI tests, in quotes. Default: those of the plugin in nx.json.'),
  targets: z
    .array(target)
    .min(1)
    .default(['format', 'lint', 'typecheck', 'build', 'test'])
    .describe('Targets that CI runs. Some project has to have each of them: one that nobody has is an error of every run.'),
  monthly: z
    .array(target)
    .default([])
    .describe(
      'Targets that take too long for every change, such as fuzzing. `maintenance.yml` runs them each month, on all projects.',
    ),
  monthlySetup: z
    .array(option)
    .default([])
    .describe('Options of the script `setup` of package.json for the machine that runs the monthly targets.'),
  image: z
    .enum(['ubuntu-24.04', 'ubuntu-22.04', 'ubuntu-24.04-arm'])
    .default('ubuntu-24.04')
    .describe("Image of the host's machines, by version."),
  gpu: z
    .strictObject({
      group: name.describe('Group of runners, which only this workflow may use.'),
      labels: z.tuple([name], name).describe('Labels that a runner has to have.'),
      environment: name.describe('Environment whose reviewers approve a commit.'),
      targets: z.array(name).min(1).describe('Targets that run on the machine.'),
    })
    .optional()
    .describe('Machines with a GPU. Without them there is no gpu-tests.yml.'),
  docs: z
    .strictObject({
      project: words.describe('Project that builds the site.'),
      output: folder.describe('Folder that it is built into.'),
      environment: name.default('github-pages').describe('Environment that the site is published from.'),
    })
    .optional()
    .describe('The site that is published from the main branch. Without it there is no docs.yml.'),
  environments: z
    .array(
      z.strictObject({
        name,
        reviewers: z.array(owner).default([]).describe('Who approves a job before it starts.'),
      }),
    )
    .default([])
    .describe('Environments of the host.'),
  secrets: z
    .array(
      z.strictObject({
        name: z.string().regex(/^[A-Z][A-Z0-9_]*$/, 'is no name of a secret such as PYPI_API_TOKEN'),
        environment: name,
        owner,
        maxAgeDays: z.int().min(1).max(3650),
      }),
    )
    .default([])
    .describe('Every secret that a workflow may read, with who renews it and when.'),
  owners: z
    .strictObject({
      everything: z.array(owner).min(1).describe('Who reviews a change.'),
      security: z.array(owner).min(1).describe('Who has to approve a change of workflows, policies and locks.'),
    })
    .optional()
    .describe('Owners of the code. Without them there is no CODEOWNERS.'),
  engines: z
    .array(z.enum(['codeql', 'nx-cloud']))
    .default([])
    .describe('Services of others that CI uses.'),
  remoteCache: z
    .boolean()
    .default(false)
    .describe(
      'Whether the jobs of the languages prove to the remote cache of section `cache` who they are, by an identity token.',
    ),
  pins: pinOverridesSchema.default({}),
  handwritten: z
    .array(z.string().regex(/^[A-Za-z0-9._-]+\.ya?ml$/, 'is no name of a workflow such as release.yml'))
    .default([])
    .describe('Workflows that are written by hand, by name. Any other beside the generated ones is a finding.'),
})

/** The section with its rules: what one part names, another part has. */
export const ciSection: z.ZodType<CiSection> = shape.superRefine((section, context) => {
  const environments = new Map(section.environments.map((environment) => [environment.name, environment]))
  const expectEnvironment = (wanted: string, path: readonly (string | number)[]): void => {
    if (environments.has(wanted)) return
    context.addIssue({ code: 'custom', path: [...path], message: `the environment ${wanted} is not among ci.environments` })
  }
  for (const [at, { environment }] of section.secrets.entries()) expectEnvironment(environment, ['secrets', at, 'environment'])
  if (section.docs !== undefined) expectEnvironment(section.docs.environment, ['docs', 'environment'])
  if (section.gpu !== undefined) {
    const { environment } = section.gpu
    expectEnvironment(environment, ['gpu', 'environment'])
    if (environments.get(environment)?.reviewers.length === 0) {
      const message = `the environment ${environment} has no reviewers: anybody's commit would run on a machine of yours`
      context.addIssue({ code: 'custom', path: ['gpu', 'environment'], message })
    }
  }
  for (const list of ['environments', 'secrets'] as const) {
    const names = section[list].map((entry) => entry.name)
    const twice = names.findIndex((entry, at) => names.indexOf(entry) !== at)
    if (twice !== -1) context.addIssue({ code: 'custom', path: [list, twice, 'name'], message: `${names[twice]} is there twice` })
  }
})
