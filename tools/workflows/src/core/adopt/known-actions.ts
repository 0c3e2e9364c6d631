import type { GeneratedSet } from './generated.ts'
import type { Item } from './report.ts'

/** What becomes of a step that uses an action. `kind` is `cache` for one that keeps files between runs. */
export type ActionVerdict = Pick<Item, 'kind' | 'verdict' | 'by' | 'note'>

/** The verdict about a text behind `uses:`. */
export function actionVerdict(uses: string, generated: GeneratedSet): ActionVerdict {
  if (/^[.$]\//u.test(uses))
    return { kind: 'action', verdict: 'unknown', note: 'an action of this repository: see its own lines' }
  if (uses.startsWith('docker://')) return { kind: 'action', verdict: 'left', note: 'it runs a container image' }
  const name = /^([^@]*)/u.exec(uses)?.[1]?.toLowerCase() ?? ''
  const [owner, repository] = name.split('/')
  const by = generated.actions.get(`${owner}/${repository}`)
  const known = ACTIONS.find(({ names }) => names.some((one) => name === one || name.startsWith(`${one}/`)))
  const kind = known?.kind ?? 'action'
  if (by !== undefined && known?.depends !== true) return { kind, verdict: 'replaced', by }
  if (known?.job !== undefined && generated.jobs.includes(known.job)) {
    return { kind, verdict: 'replaced', by: known.job, note: known.does }
  }
  if (known === undefined) return { kind, verdict: 'unknown' }
  return { kind, verdict: known.verdict ?? 'left', note: known.does }
}

interface KnownAction {
  readonly names: readonly string[]
  readonly does: string
  readonly kind?: 'cache'
  readonly verdict?: 'unknown'
  /** What it does depends on its inputs: a generated job that uses it as well does something else with it. */
  readonly depends?: true
  /** The generated job that has the same task. */
  readonly job?: string
}

/** Repositories, in lower case, or actions below them. */
const ACTIONS: readonly KnownAction[] = [
  {
    names: words(
      'dtolnay/rust-toolchain actions-rs/toolchain actions-rust-lang/setup-rust-toolchain pnpm/action-setup',
      'actions/setup-go astral-sh/setup-uv actions/setup-java conda-incubator/setup-miniconda rui314/setup-mold',
      'taiki-e/install-action jetli/wasm-pack-action jetli/wasm-bindgen-action cargo-bins/cargo-binstall',
      'oven-sh/setup-bun jdx/mise-action',
    ),
    does: 'it makes the machine ready: the script `setup` of package.json has to do it',
    verdict: 'unknown',
  },
  {
    names: words('actions/cache swatinem/rust-cache mozilla-actions/sccache-action hendrikmuhs/ccache-action'),
    kind: 'cache',
    depends: true,
    does: 'nothing generated keeps files between runs like this',
  },
  { names: ['nrwl/nx-set-shas'], does: 'the plan finds the base', job: 'plan' },
  { names: ['tj-actions/changed-files', 'dorny/paths-filter'], does: 'the plan finds what a change reaches', job: 'plan' },
  { names: ['re-actors/alls-green'], does: 'the gate judges all jobs', job: 'gate' },
  {
    names: words(
      'pypa/gh-action-pypi-publish js-devtools/npm-publish rust-lang/crates-io-auth-action changesets/action',
      'release-plz/action',
    ),
    does: 'it publishes a package',
  },
  {
    names: words(
      'softprops/action-gh-release ncipollo/release-action release-drafter/release-drafter',
      'goreleaser/goreleaser-action actions/create-release',
    ),
    does: 'it makes a release',
  },
  {
    names: words('actions/attest actions/attest-build-provenance actions/attest-sbom sigstore/cosign-installer'),
    does: 'it signs what was built',
  },
  {
    names: words(
      'docker/build-push-action docker/login-action docker/metadata-action docker/setup-buildx-action',
      'docker/setup-qemu-action depot/build-push-action depot/setup-action',
    ),
    does: 'it builds or publishes an image',
  },
  {
    names: words(
      'actions/deploy-pages actions/upload-pages-artifact actions/configure-pages peaceiris/actions-gh-pages',
      'jamesives/github-pages-deploy-action cloudflare/wrangler-action cloudflare/pages-action',
    ),
    does: 'it deploys',
  },
  { names: ['actions/upload-artifact', 'actions/download-artifact'], depends: true, does: 'it passes files between jobs' },
  { names: ['codecov/codecov-action', 'coverallsapp/github-action'], does: 'it measures coverage' },
  { names: ['codspeedhq/action', 'benchmark-action/github-action-benchmark', 'bencherdev/bencher'], does: 'it runs benchmarks' },
  {
    names: words(
      'github/codeql-action actions/dependency-review-action aquasecurity/trivy-action anchore/scan-action',
      'embarkstudios/cargo-deny-action rustsec/audit-check zizmorcore/zizmor-action ossf/scorecard-action',
      'google/osv-scanner-action',
    ),
    does: 'it scans for what is known to be wrong',
  },
  {
    names: words('crate-ci/typos dprint/check astral-sh/ruff-action chartboost/ruff-action pre-commit/action'),
    does: 'it runs a linter or a formatter of its own',
  },
  { names: ['pyo3/maturin-action', 'pypa/cibuildwheel', 'uraimo/run-on-arch-action'], does: 'it builds for other platforms' },
  {
    names: words(
      'rtcamp/action-slack-notify slackapi/slack-github-action peter-evans/create-or-update-comment',
      'marocchino/sticky-pull-request-comment',
    ),
    does: 'it tells people',
  },
  {
    names: words(
      'actions/github-script peter-evans/create-pull-request actions/labeler actions/stale',
      'peter-evans/repository-dispatch',
    ),
    does: 'it writes to the repository or to GitHub',
  },
]

function words(...lines: readonly string[]): readonly string[] {
  return lines.join(' ').split(' ')
}
