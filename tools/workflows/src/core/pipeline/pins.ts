import type { CachePin, PlainPin, Sha, Version } from '../model/pin.ts'

/** The commits were read from the tags of the repositories' own histories. */
const IN_A_CLONE = '2026-11-23, in a clone'

/** The clone was older than the tag: the commit is the one that other repositories name for it. */
const BY_OTHERS = '2026-11-23, by what other repositories pin'

type PlainPinName =
  | 'checkout'
  | 'codeqlInit'
  | 'codeqlAnalyze'
  | 'deployPages'
  | 'fetchMetadata'
  | 'setupNode'
  | 'setupPython'
  | 'uploadPagesArtifact'

/** Every third-party action that a workflow may use. */
export const PINS: Readonly<Record<PlainPinName, PlainPin>> & { readonly cache: CachePin } = {
  cache: {
    ...pin(['actions/cache', 'v6.1.0', '55cc8345863c7cc4c66a329aec7e433d2d1c52a9'], { reviewed: BY_OTHERS }),
    caches: true,
  },
  checkout: pin(['actions/checkout', 'v7.0.1', '3d3c42e5aac5ba805825da76410c181273ba90b1']),
  codeqlInit: pin(['github/codeql-action/init', 'v4.36.2', '8aad20d150bbac5944a9f9d289da16a4b0d87c1e']),
  codeqlAnalyze: pin(['github/codeql-action/analyze', 'v4.36.2', '8aad20d150bbac5944a9f9d289da16a4b0d87c1e']),
  deployPages: pin(['actions/deploy-pages', 'v5.0.0', 'cd2ce8fcbc39b97be8ca5fce6e763baed58fa128']),
  fetchMetadata: pin(['dependabot/fetch-metadata', 'v3.1.0', '25dd0e34f4fe68f24cc83900b1fe3fe149efef98']),
  setupNode: pin(['actions/setup-node', 'v7.0.0', '820762786026740c76f36085b0efc47a31fe5020']),
  setupPython: pin(['actions/setup-python', 'v7.0.0', '5fda3b95a4ea91299a34e894583c3862153e4b97']),
  uploadPagesArtifact: pin(['actions/upload-pages-artifact', 'v5.0.0', 'fc324d3547104276b827a68afc52ff2a11cc49c9'], {
    runtime: 'composite',
  }),
}

/** `repository`, tag and commit; the rest where it differs from most. */
function pin(
  [repository, version, sha]: readonly [string, string, string],
  { runtime = 'node24', reviewed = IN_A_CLONE }: Partial<Pick<PlainPin, 'runtime' | 'reviewed'>> = {},
): PlainPin {
  return { repository, version: version as Version, sha: sha as Sha, runtime, reviewed }
}
