/** What the generated files take from the repository: nothing of it is asked for twice. */
export interface PipelineFacts {
  /** `main`: nx.json's `defaultBase`. */
  readonly mainBranch: string
  /** Interpreters of the `test-py…` targets, as text. */
  readonly pythonVersions: readonly string[]
  /** Whether package.json has a script `setup`, which then installs more than npm's packages. */
  readonly hasSetupScript: boolean
  /** Manifests and locks that Dependabot could watch, by path below the workspace. */
  readonly manifests: readonly string[]
}

/** Targets that CI runs, in the order in which a person would. */
export function targetsOf({ pythonVersions }: PipelineFacts): readonly string[] {
  return ['format', 'lint', 'typecheck', 'build', 'test', ...pythonVersions.map((version) => `test-py${version}`)]
}
