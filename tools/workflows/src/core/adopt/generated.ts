import { parse } from 'yaml'

/** What the generated files do, read from the files themselves: what is said of them is what they are. */
export interface GeneratedSet {
  readonly files: readonly string[]
  /** Events that start a generated workflow. */
  readonly events: readonly string[]
  /** Whether a push of a tag starts one. */
  readonly runsForTags: boolean
  readonly jobs: readonly string[]
  readonly images: readonly string[]
  /** Repository of an action → who uses it: a job, or `setup` where every job or the set-up does. */
  readonly actions: ReadonlyMap<string, string>
  /** Targets that the jobs run. */
  readonly targets: readonly string[]
  readonly pythonVersions: readonly string[]
  readonly mainBranch: string
}

interface GeneratedFile {
  readonly on?: Readonly<Record<string, { readonly tags?: unknown } | null>>
  readonly jobs?: Readonly<Record<string, { readonly 'runs-on'?: unknown; readonly steps?: readonly GeneratedStep[] }>>
  readonly runs?: { readonly steps?: readonly GeneratedStep[] }
}

interface GeneratedStep {
  readonly uses?: string
}

/** `printed` are the texts of the generated files by path. */
export function generatedSet(
  printed: Readonly<Record<string, string>>,
  facts: Pick<GeneratedSet, 'targets' | 'pythonVersions' | 'mainBranch'>,
): GeneratedSet {
  const parsed = Object.entries(printed).flatMap(([file, text]) => (/\.ya?ml$/u.test(file) ? [parse(text) as GeneratedFile] : []))
  const jobs = parsed.flatMap((file) => Object.entries(file.jobs ?? {}))
  const triggers = parsed.map((file) => file.on ?? {})
  const inJobs = jobs.map(([id, { steps = [] }]) => ({ id, names: repositoriesOf(steps) }))
  const inSetup = parsed.flatMap(({ runs }) => repositoriesOf(runs?.steps ?? []))
  const isCommon = (name: string): boolean => inSetup.includes(name) || inJobs.every(({ names }) => names.includes(name))
  const used = inJobs.flatMap(({ id, names }) => names.map((name): [string, string] => [name, isCommon(name) ? 'setup' : id]))
  return {
    files: Object.keys(printed),
    events: [...new Set(triggers.flatMap((on) => Object.keys(on)))],
    runsForTags: triggers.some(({ push }) => push?.tags !== undefined),
    jobs: jobs.map(([id]) => id),
    images: [...new Set(jobs.flatMap(([, job]) => (typeof job['runs-on'] === 'string' ? [job['runs-on']] : [])))],
    actions: new Map([...used, ...inSetup.map((name): [string, string] => [name, 'setup'])]),
    ...facts,
  }
}

function repositoriesOf(steps: readonly GeneratedStep[]): string[] {
  return steps.flatMap(({ uses }) => /^([\w-]+\/[\w.-]+)[/@]/u.exec(uses ?? '')?.[1]?.toLowerCase() ?? [])
}
