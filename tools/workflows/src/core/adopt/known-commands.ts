/** What a known command is for. */
export interface KnownCommand {
  /** `cargo test`, `pytest`: the program, and its first word where that decides. */
  readonly name: string
  /** The generated job and the target that do the same; absent where there is no such target. */
  readonly covered?: { readonly job: string; readonly target: string }
  /** What it does that nothing generated does, e.g. `publishes a package`. */
  readonly does?: string
  /** Flags that change nothing, since the target has them or they are about the output. */
  readonly flags?: readonly string[]
}

const rust = (name: string, target: string, flags = ''): KnownCommand => covered(name, { job: 'rust-tests', target }, flags)
const python = (name: string, target: string, flags = ''): KnownCommand => covered(name, { job: 'python-tests', target }, flags)
const typescript = (name: string, target: string, flags = ''): KnownCommand =>
  covered(name, { job: 'typescript-tests', target }, flags)

/** Those that choose projects or parts of them as well: a target does all of what it is for. */
const CARGO =
  '--workspace --all --locked --all-features --all-targets --verbose -v --no-fail-fast -p --package --lib --bins --bin --tests --test --no-run'

/** Every command that is known. The longer of two names that fit wins. */
export const KNOWN_COMMANDS: readonly KnownCommand[] = [
  rust('cargo test', 'test', CARGO),
  rust('cargo nextest', 'test', CARGO),
  rust('cargo clippy', 'lint', `${CARGO} -D`),
  rust('cargo fmt', 'format', '--all --check'),
  rust('rustfmt', 'format', '--check'),
  rust('cargo check', 'typecheck', CARGO),
  rust('cargo build', 'build', `${CARGO} --release`),
  python('pytest', 'test', '-q -v -vv'),
  python('ruff check', 'lint'),
  python('ruff format', 'format', '--check --diff'),
  python('black', 'format', '--check --diff'),
  python('mypy', 'typecheck', '--strict'),
  python('uv build', 'build'),
  python('maturin build', 'build', '--release'),
  typescript('vitest', 'test'),
  typescript('oxlint', 'lint', '--deny-warnings --type-aware'),
  typescript('oxfmt', 'format', '--check'),
  typescript('tsc', 'typecheck', '--noEmit --build -b'),
  covered('vitepress build', { job: 'build-docs', target: 'build' }, ''),
  ...left(
    'runs another linter than the generated lint does',
    'eslint',
    'biome',
    'pylint',
    'flake8',
    'isort',
    'typos',
    'codespell',
  ),
  ...left('runs another formatter than the generated format does', 'prettier', 'dprint', 'taplo'),
  ...left('runs another type checker than the generated typecheck does', 'pyright', 'basedpyright', 'pyrefly', 'ty check'),
  ...left(
    'runs tests that nothing generated runs',
    'jest',
    'mocha',
    'playwright',
    'cypress',
    'cargo miri',
    'cargo fuzz',
    'cargo careful',
  ),
  ...left(
    'builds documentation',
    'cargo doc',
    'cargo rustdoc',
    'mkdocs build',
    'sphinx-build',
    'typedoc',
    'mdbook',
    'pdoc',
    'zensical',
  ),
  ...left('measures coverage', 'cargo llvm-cov', 'cargo tarpaulin', 'coverage', 'codecov', 'nyc', 'c8'),
  ...left('runs benchmarks', 'cargo bench', 'cargo codspeed', 'cargo criterion', 'hyperfine'),
  ...left('scans for what is known to be wrong', 'cargo audit', 'cargo deny', 'cargo vet', 'pip-audit', 'safety', 'npm audit'),
  ...left('scans for what is known to be wrong', 'trivy', 'grype', 'osv-scanner', 'zizmor', 'actionlint'),
  ...left(
    'looks for unused or incompatible code',
    'cargo machete',
    'cargo udeps',
    'cargo shear',
    'cargo semver-checks',
    'cargo hack',
    'knip',
  ),
  ...left('publishes a package', 'cargo publish', 'npm publish', 'pnpm publish', 'yarn publish', 'twine', 'uv publish'),
  ...left(
    'publishes a package',
    'poetry publish',
    'maturin publish',
    'maturin upload',
    'changeset publish',
    'nx release',
    'cargo release',
  ),
  ...left('makes a release', 'gh release', 'semantic-release', 'release-plz', 'cargo dist', 'dist', 'goreleaser'),
  ...left('builds or publishes an image', 'docker', 'podman', 'buildah', 'skopeo', 'depot'),
  ...left('uses Nx Cloud', 'nx-cloud'),
  ...left(
    'deploys',
    'kubectl',
    'helm',
    'terraform',
    'aws',
    'gcloud',
    'az',
    'vercel',
    'netlify',
    'wrangler',
    'flyctl',
    'firebase',
    'mkdocs gh-deploy',
  ),
  ...left('writes to the repository or to GitHub', 'git push', 'git commit', 'gh pr', 'gh issue', 'gh api', 'gh workflow'),
]

function covered(name: string, by: { readonly job: string; readonly target: string }, flags: string): KnownCommand {
  return { name, covered: by, flags: flags === '' ? [] : flags.split(' ') }
}

function left(does: string, ...names: readonly string[]): KnownCommand[] {
  return names.map((name) => ({ name, does }))
}
