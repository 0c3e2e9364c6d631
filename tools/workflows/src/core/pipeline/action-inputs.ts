/** What a third-party action takes, as its action.yml declares it at one commit. */
export interface DeclaredAction {
  readonly repository: string
  /** `restore`: the folder of the action below the repository. */
  readonly path?: string
  readonly version: string
  readonly sha: string
  readonly inputs: { readonly required: readonly string[]; readonly optional: readonly string[] }
}

/** Read from action.yml at the commit, in clones of the repositories. */
export const DECLARED_ACTIONS: readonly DeclaredAction[] = [
  declared('actions/checkout v7.0.1 3d3c42e5aac5ba805825da76410c181273ba90b1', {
    optional:
      'allow-unsafe-pr-checkout clean fetch-depth fetch-tags filter github-server-url lfs path persist-credentials ref repository set-safe-directory show-progress sparse-checkout sparse-checkout-cone-mode ssh-key ssh-known-hosts ssh-strict ssh-user submodules token',
  }),
  declared('actions/setup-node v7.0.0 820762786026740c76f36085b0efc47a31fe5020', {
    optional:
      'architecture cache cache-dependency-path check-latest mirror mirror-token node-version node-version-file package-manager-cache registry-url scope token',
  }),
  declared('actions/setup-python v7.0.0 5fda3b95a4ea91299a34e894583c3862153e4b97', {
    optional:
      'allow-prereleases architecture cache cache-dependency-path check-latest freethreaded pip-version python-version python-version-file token update-environment',
  }),
  declared('astral-sh/setup-uv v10.0.1 20cfd1bf945f4377ade1205e4dbc17946fc9a30d', {
    optional:
      'activate-environment add-problem-matchers cache-dependency-glob cache-local-path cache-python cache-suffix checksum download-from-astral-mirror enable-cache github-token ignore-empty-workdir ignore-nothing-to-cache manifest-file no-project prune-cache python-version quiet resolution-strategy restore-cache save-cache tool-bin-dir tool-dir venv-path version version-file working-directory',
  }),
  declared('actions/cache v5.0.5 27d5ce7f107fe9357f9df03efb73ab90386fccae', {
    required: 'key path',
    optional: 'enableCrossOsArchive fail-on-cache-miss lookup-only restore-keys save-always upload-chunk-size',
  }),
  declared('actions/upload-artifact v7.0.0 bbbca2ddaa5d8feaa63e36b76fdaad77386f024f', {
    required: 'path',
    optional: 'archive compression-level if-no-files-found include-hidden-files name overwrite retention-days',
  }),
  declared('actions/download-artifact v8.0.1 3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c', {
    optional: 'artifact-ids digest-mismatch github-token merge-multiple name path pattern repository run-id skip-decompress',
  }),
  declared('actions/upload-pages-artifact v5.0.0 fc324d3547104276b827a68afc52ff2a11cc49c9', {
    optional: 'include-hidden-files name path retention-days',
  }),
  declared('actions/deploy-pages v5.0.0 cd2ce8fcbc39b97be8ca5fce6e763baed58fa128', {
    optional: 'artifact_name error_count preview reporting_interval timeout token',
  }),
  declared('dependabot/fetch-metadata v3.1.0 25dd0e34f4fe68f24cc83900b1fe3fe149efef98', {
    optional: 'alert-lookup compat-lookup github-token skip-commit-verification skip-verification',
  }),
  declared('github/codeql-action/init v4.36.2 8aad20d150bbac5944a9f9d289da16a4b0d87c1e', {
    optional:
      'analysis-kinds build-mode check-run-id config config-file db-location debug debug-artifact-name debug-database-name dependency-caching external-repository-token languages matrix packs quality-queries queries ram registries setup-python-dependencies source-root threads token tools trap-caching',
  }),
  declared('github/codeql-action/analyze v4.36.2 8aad20d150bbac5944a9f9d289da16a4b0d87c1e', {
    optional:
      'add-snippets category check_name checkout_path cleanup-level expect-error matrix output post-processed-sarif-path ram ref sha skip-queries threads token upload upload-database wait-for-processing',
  }),
]

function declared(
  action: string,
  { required = '', optional }: { readonly required?: string; readonly optional: string },
): DeclaredAction {
  const [name = '', version = '', sha = ''] = action.split(' ')
  const [owner = '', repository = '', ...path] = name.split('/')
  return {
    repository: `${owner}/${repository}`,
    ...(path.length === 0 ? {} : { path: path.join('/') }),
    version,
    sha,
    inputs: { required: required.split(' ').filter((word) => word !== ''), optional: optional.split(' ') },
  }
}
