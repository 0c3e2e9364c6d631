import type { ActionInputs, CachePin, Pin, PlainPin, Sha, Version } from '../model/pin.ts'

/** The commit was read from the tag, and the rest from action.yml at that commit, in a clone of the repository. */
const IN_A_CLONE = '2026-11-23, tag and commit read in a clone'

type PlainPinName =
  | 'checkout'
  | 'setupNode'
  | 'setupPython'
  | 'uploadPagesArtifact'
  | 'deployPages'
  | 'codeqlInit'
  | 'codeqlAnalyze'
  | 'fetchMetadata'

/** Every third-party action that a generated workflow may use, by what the workflows call it. */
export const PINS: Readonly<Record<PlainPinName, PlainPin>> & { readonly cache: CachePin } = {
  cache: {
    ...pin({
      repository: 'actions/cache',
      version: 'v6.1.0',
      sha: '55cc8345863c7cc4c66a329aec7e433d2d1c52a9',
      inputs: {
        required: ['key', 'path'],
        optional: words('enableCrossOsArchive fail-on-cache-miss lookup-only restore-keys save-always upload-chunk-size'),
      },
      reviewed: '2026-11-23, commit read from ten repositories that pin this version; runtime and inputs are those of v5.0.5',
    }),
    caches: true,
  },
  checkout: pin({
    repository: 'actions/checkout',
    version: 'v7.0.1',
    sha: '3d3c42e5aac5ba805825da76410c181273ba90b1',
    inputs: optional(
      'allow-unsafe-pr-checkout clean fetch-depth fetch-tags filter github-server-url lfs path persist-credentials ref repository',
      'set-safe-directory show-progress sparse-checkout sparse-checkout-cone-mode ssh-key ssh-known-hosts ssh-strict ssh-user',
      'submodules token',
    ),
  }),
  setupNode: pin({
    repository: 'actions/setup-node',
    version: 'v7.0.0',
    sha: '820762786026740c76f36085b0efc47a31fe5020',
    inputs: optional(
      'architecture cache cache-dependency-path check-latest mirror mirror-token node-version node-version-file',
      'package-manager-cache registry-url scope token',
    ),
  }),
  setupPython: pin({
    repository: 'actions/setup-python',
    version: 'v7.0.0',
    sha: '5fda3b95a4ea91299a34e894583c3862153e4b97',
    inputs: optional(
      'allow-prereleases architecture cache cache-dependency-path check-latest freethreaded pip-version python-version',
      'python-version-file token update-environment',
    ),
  }),
  uploadPagesArtifact: pin({
    repository: 'actions/upload-pages-artifact',
    version: 'v5.0.0',
    sha: 'fc324d3547104276b827a68afc52ff2a11cc49c9',
    runtime: 'composite',
    nested: ['actions/upload-artifact@bbbca2ddaa5d8feaa63e36b76fdaad77386f024f'],
    inputs: optional('include-hidden-files name path retention-days'),
  }),
  deployPages: pin({
    repository: 'actions/deploy-pages',
    version: 'v5.0.0',
    sha: 'cd2ce8fcbc39b97be8ca5fce6e763baed58fa128',
    inputs: optional('artifact_name error_count preview reporting_interval timeout token'),
  }),
  codeqlInit: pin({
    repository: 'github/codeql-action',
    path: 'init',
    version: 'v4.36.2',
    sha: '8aad20d150bbac5944a9f9d289da16a4b0d87c1e',
    inputs: optional(
      'analysis-kinds build-mode check-run-id config config-file db-location debug debug-artifact-name debug-database-name',
      'dependency-caching external-repository-token languages matrix packs quality-queries queries ram registries',
      'setup-python-dependencies source-root threads token tools trap-caching',
    ),
  }),
  codeqlAnalyze: pin({
    repository: 'github/codeql-action',
    path: 'analyze',
    version: 'v4.36.2',
    sha: '8aad20d150bbac5944a9f9d289da16a4b0d87c1e',
    inputs: optional(
      'add-snippets category check_name checkout_path cleanup-level expect-error matrix output post-processed-sarif-path ram ref',
      'sha skip-queries threads token upload upload-database wait-for-processing',
    ),
  }),
  fetchMetadata: pin({
    repository: 'dependabot/fetch-metadata',
    version: 'v3.1.0',
    sha: '25dd0e34f4fe68f24cc83900b1fe3fe149efef98',
    inputs: optional('alert-lookup compat-lookup github-token skip-commit-verification skip-verification'),
  }),
}

type PinFacts = Pick<Pin, 'repository' | 'path' | 'inputs'> &
  Partial<Pick<Pin, 'runtime' | 'nested' | 'reviewed'>> & { readonly version: string; readonly sha: string }

function pin({ version, sha, ...facts }: PinFacts): PlainPin {
  return { runtime: 'node24', nested: [], reviewed: IN_A_CLONE, ...facts, version: version as Version, sha: sha as Sha }
}

function optional(...lines: readonly string[]): ActionInputs {
  return { required: [], optional: words(lines.join(' ')) }
}

function words(line: string): readonly string[] {
  return line.split(' ')
}
