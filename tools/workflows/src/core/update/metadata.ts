import { z } from 'zod'

/** One dependency that a pull request of Dependabot moves, as the action `dependabot/fetch-metadata` tells it. */
export interface UpdatedDependency {
  readonly name: string
  /** `version-update:semver-patch`; empty where Dependabot did not say. */
  readonly updateType: string
  /** Empty where Dependabot did not say. */
  readonly from: string
  readonly to: string
  /** As branches of Dependabot name it: `npm_and_yarn`. */
  readonly ecosystem: string
  /** The group of dependabot.yml that the pull request belongs to; empty for none. */
  readonly group: string
  readonly targetBranch: string
  /** What an alert says of it; empty where there is none, or nobody looked. */
  readonly advisory: string
  /** Whether the text of the pull request speaks of new maintainers. */
  readonly newMaintainers: boolean
}

/** What is known of an update, or why nothing is. */
export type Metadata =
  | { readonly known: true; readonly dependencies: readonly [UpdatedDependency, ...UpdatedDependency[]] }
  | { readonly known: false; readonly reason: string }

const TEXT = z
  .string()
  .nullish()
  .transform((text) => text ?? '')

const DEPENDENCY = z
  .object({
    dependencyName: z.string().min(1),
    updateType: TEXT,
    prevVersion: TEXT,
    newVersion: TEXT,
    packageEcosystem: TEXT,
    dependencyGroup: TEXT,
    targetBranch: TEXT,
    ghsaId: TEXT,
    alertState: TEXT,
    cvss: z.number().nullish(),
    maintainerChanges: z.boolean(),
  })
  .transform((given): UpdatedDependency => ({
    name: given.dependencyName,
    updateType: given.updateType,
    from: given.prevVersion,
    to: given.newVersion,
    ecosystem: given.packageEcosystem,
    group: given.dependencyGroup,
    targetBranch: given.targetBranch,
    advisory: given.ghsaId || given.alertState || (given.cvss ? `severity ${given.cvss}` : ''),
    newMaintainers: given.maintainerChanges,
  }))
const DEPENDENCIES = z.tuple([DEPENDENCY], DEPENDENCY)
const OUTPUTS = z.object({ 'updated-dependencies-json': z.string() })

/**
 * Reads what `toJSON(steps.….outputs)` of `dependabot/fetch-metadata` gives. Never throws: an update of which nothing is
 * known still has to be given to a person.
 */
export function readMetadata(text: string | undefined): Metadata {
  if (text === undefined || text.trim() === '') return unknown('there are none')
  const outputs = OUTPUTS.safeParse(json(text))
  if (!outputs.success) return unknown('they have no "updated-dependencies-json"')
  const dependencies = DEPENDENCIES.safeParse(json(outputs.data['updated-dependencies-json']))
  if (dependencies.success) return { known: true, dependencies: dependencies.data }
  const place = dependencies.error.issues[0]?.path.join('.') ?? ''
  return unknown(`"updated-dependencies-json" ${place === '' ? 'is no list' : `is not usable at ${place}`}`)
}

function unknown(why: string): Metadata {
  return { known: false, reason: `the outputs of dependabot/fetch-metadata do not say what is updated: ${why}` }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
