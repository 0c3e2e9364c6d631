import { posix } from 'node:path'
import type { CiSection } from './section.ts'

/** What the generated files take from the repository: nothing of it is asked for twice. */
export interface PipelineFacts {
  /** Section `ci` of interlock.yaml. */
  readonly section: CiSection
  /** `main`: of the section, else nx.json's `defaultBase`. */
  readonly mainBranch: string
  /** Interpreters of the `test-py…` targets, as text. */
  readonly pythonVersions: readonly string[]
  /** Whether package.json has a script `setup`, which then installs more than npm's packages. */
  readonly hasSetupScript: boolean
  /** Files at the root that say which languages and tools there are, by name. */
  readonly rootFiles: readonly string[]
  /** Manifests and locks that Dependabot could watch, by path below the workspace. */
  readonly manifests: readonly string[]
}

/** Targets that CI runs. Without a Python project there is no target of a Python, and one that is unknown is an error. */
export function targetsOf({ section, manifests, pythonVersions }: PipelineFacts): readonly string[] {
  const hasPython = manifests.some((path) => posix.basename(path) === 'pyproject.toml')
  return [...section.targets, ...(hasPython ? pythonVersions.map((version) => `test-py${version}`) : [])]
}

/** Variables of every job: plugins in one process, and nothing that talks to a service nobody chose. */
export function environmentOf({ section }: PipelineFacts): Readonly<Record<string, string>> {
  return { NX_ISOLATE_PLUGINS: 'false', ...(section.engines.includes('nx-cloud') ? {} : { NX_NO_CLOUD: 'true' }) }
}
