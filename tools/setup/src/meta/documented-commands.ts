import { TARGETS } from '../then/test.mjs'

/**
 * What proves each command that the README, CONTRIBUTING and the docs name. A command that is not here fails the test, so
 * nobody can document one that was never tried.
 *
 * - `run`: run by the test beside this file, as written; it changes nothing
 * - `copy`: run by that test in a copy of this clone, as written; NAME is a name
 * - `ci`: it is what CI types
 * - `gate`: `npm test` runs this target for every project, so it fails when the command would
 * - `e2e`: run by the tests in that file, with these words, most of them where the packages were installed from their tarballs
 * - `network`: needs a registry, or the packages in one
 */
export type Proof =
  | { readonly kind: 'run' }
  | {
      readonly kind: 'copy'
      readonly env: Readonly<Record<string, string>>
      readonly says: RegExp
      readonly adds: string | undefined
      readonly next: string | undefined
    }
  | { readonly kind: 'ci' }
  | { readonly kind: 'gate'; readonly target: string }
  | { readonly kind: 'e2e'; readonly by: string; readonly words: string }
  | { readonly kind: 'network'; readonly why: string }

/** Benches take from minutes to hours: each is proved by a test that runs the same code in small. */
export const BENCHES: Readonly<Record<string, string>> = {
  'bench:cache': 'apps/cache-server/bench/cache/report.test.ts',
  'bench:cache-shield': 'tools/cache/bench/shield/shield.test.ts',
  'bench:graph': 'tools/e2e/bench/graph/projects.test.ts',
  'bench:lint': 'tools/workflows/bench/agreement.test.ts',
  'bench:plan': 'tools/workflows/bench/plan/plan.test.ts',
  'bench:read': 'tools/nx/src/bench-read.test.ts',
  'bench:soundness': 'tools/e2e/src/soundness/soundness.test.ts',
}

const run: Proof = { kind: 'run' }
const gate = (target: (typeof TARGETS)[number]): Proof => ({ kind: 'gate', target })
const network = (why: string): Proof => ({ kind: 'network', why })
const verb = (name: string, words: string): Proof => ({ by: `apps/cache-server/src/cli/${name}.test.ts`, kind: 'e2e', words })
const demo = (words: string): Proof => ({ by: 'tools/cache/demo/creep.test.ts', kind: 'e2e', words })
const search = (words: string): Proof => ({ by: 'apps/docs/src/private-search.test.ts', kind: 'e2e', words })
const install = (words: string): Proof => ({ by: 'apps/docs/src/install.test.ts', kind: 'e2e', words })
const adoption = (words: string): Proof => ({ by: 'tools/e2e/src/adoption.ts', kind: 'e2e', words })

/** Minutes of measuring, which that test shortens to one benchmark. */
const figures = (words: string): Proof => ({ by: 'libs/he-bench/tests/command.rs', kind: 'e2e', words })
const guide = (words: string): Proof => ({ by: 'tools/cache/src/server.test.ts', kind: 'e2e', words })

/** `says` is in what the command prints. It changes no file that git knows, or `adds` one; the command `next` works then. */
const copy = (
  says: RegExp,
  { adds, next, env = {} }: { adds?: string; next?: string; env?: Record<string, string> } = {},
): Proof => ({
  adds,
  env,
  kind: 'copy',
  next,
  says,
})

/** Nothing is affected since the last commit, so no task runs. */
const NOTHING_AFFECTED = { env: { NX_BASE: 'HEAD' } }
const NO_WORK = /no work because nothing is affected[\s\S]*0 passed, 0 failed, 0 skipped/

/** Whether a new project is ready, in every verb that its language has. */
const READY = 'npx nx run-many -t format lint typecheck test -p example'

export const PROOFS: Readonly<Record<string, Proof>> = {
  'npm start': copy(NO_WORK, NOTHING_AFFECTED),
  'npm test': { kind: 'ci' },
  'npm run setup -- --check': run,
  'npx interlock base': run,
  'npx interlock config': run,
  'npx interlock ci generate --check': run,
  'npx interlock ci jobs': run,
  'npx interlock ci lint': run,
  'npx interlock ci policy': { by: 'tools/workflows/src/cli/policy.test.ts', kind: 'e2e', words: "'ci policy'" },
  'npx interlock ci adopt': run,
  'npx interlock ci pins --check': run,
  'npx interlock ci pins --update': network('asks the repositories of the actions'),
  'npx interlock ci pins --update --write': network('asks the repositories of the actions'),
  'npx interlock ci plan -t test': run,
  'npx interlock ci simulate --event push --control-flow': run,
  'npx interlock ci simulate --list': run,
  'npx interlock ci referees': { by: 'tools/setup/src/meta/referees.test.ts', kind: 'e2e', words: "'ci', 'referees'" },
  'export INTERLOCK_CACHE_TOKEN="$(cat .interlock/cache-server/token)"': guide(
    'export INTERLOCK_CACHE_TOKEN="$(cat .interlock/cache-server/token)"',
  ),
  'export INTERLOCK_CACHE_URL=http://127.0.0.1:8791': guide('export INTERLOCK_CACHE_URL='),
  'rm -rf .nx/cache': guide("'rm -rf .nx/cache'"),
  'npx interlock affected -t build --all': guide("'npx interlock affected -t build --all'"),
  'npm run demo:creep': demo("'demo:creep'"),
  'npm run demo:search -- "What happens when the base of a run is empty?"': search("'demo:search'"),
  'npm run demo:serve': search("'demo:serve'"),
  'npx nx run-many -t build -p proxy,he-python,homomorphic-llm-client': install(
    "'npx nx run-many -t build -p proxy,he-python,homomorphic-llm-client'",
  ),
  'python3 -m venv .venv-hlp': install("'python3 -m venv .venv-hlp'"),
  '.venv-hlp/bin/pip install --no-index dist/he-python/*.whl dist/homomorphic-llm-client/*.whl': install(
    "'.venv-hlp/bin/pip install --no-index dist/he-python/*.whl dist/homomorphic-llm-client/*.whl'",
  ),
  'export PATH="$PWD/.venv-hlp/bin:$PWD/dist/proxy:$PATH"': install('\'export PATH="$PWD/.venv-hlp/bin:$PWD/dist/proxy:$PATH"\''),
  'npx interlock cache doctor': guide("'npx interlock cache doctor'"),
  'npx interlock cache purge --run 4711': guide("'purge', '--run', '4711'"),
  'npx interlock cache quarantine --run 4711': guide("'quarantine', '--run', '4711'"),
  'npx interlock cache status': guide("'npx interlock cache status'"),
  'npx interlock cache audit verify audit': verb('audit-verify', "'cache', 'audit', 'verify', 'audit'"),
  'npx interlock cache audit verify audit --against kept.json': verb('audit-verify', '{ against: file }'),
  'npx interlock cache explain claims.json --policy cache-policy.yaml': verb('explain', "'cache explain', ['claims.json']"),
  'npx interlock cache key session-keys.json --rotate': verb('keys', "'cache key', ['keys.json'], { rotate: true }"),
  'npx interlock cache policy lint cache-policy.yaml': verb('policy-lint', "'cache', 'policy', 'lint'"),
  'npx interlock cache serve': verb('serve', 'serveProcess({ cwd: root })'),
  'npx interlock cache serve --config cache-server.yaml': verb('serve', "{ config: 'cache-server.yaml' }"),
  'npx interlock cache serve --config cache-server.yaml --print-config': verb('serve', 'printConfig: true'),
  'npx interlock cache token admin --name operators': verb('keys', "'cache token', ['admin'], { name: 'operators' }"),
  'npx interlock cache token read --name laptops': verb('keys', "'cache token', ['read'], { name: 'laptops' }"),
  'npx interlock doctor': copy(/0 errors, \d+ warnings, \d+ notes$/m),
  'npx interlock lock diff': run,
  'npx interlock affected -t test': copy(NO_WORK, NOTHING_AFFECTED),
  'npx interlock why proxy': run,
  'npx nx show project proxy': run,
  'npx nx show project homomorphic-llm-client': run,
  'npx nx test he': gate('test'),
  'npx nx lint proxy': gate('lint'),
  'npx nx run-many -t format lint typecheck': gate('typecheck'),
  'npx nx run-many -t test -c coverage': gate('test'),
  'npx nx build @interlock/docs': gate('build'),
  'npm run setup -- --coverage': network('compiles a crate of the registry; steps.test.ts has what it decides'),
  'npx nx coverage proxy': network(
    'needs the tools of the line before; where they are, the test of its executor measures a crate with them',
  ),
  'npx nx run he:test-kernel': network('installs NVRTC; without it the tests of he list those that need it as ignored'),
  'npx nx sync': copy(/up to date/),
  'npx oxfmt': copy(/Finished/),
  'cargo fmt --all': copy(/^$/),
  'cargo run --release -p he-bench -- benches --page apps/docs/content/benchmarks/client-and-server.md --json libs/he-bench/results/benches-2-cores.json':
    figures('["benches", "--suite", "he-client", "--only", "generate", "--profile", "dev"]'),
  'uv run --no-sync black libs': copy(/left unchanged/),
  'npx nx g @interlock/nx:crate NAME': copy(/CREATE libs\/example\/Cargo\.toml/, {
    adds: 'libs/example/Cargo.toml',
    next: READY,
  }),
  'npx nx g @interlock/nx:python-package NAME': copy(/CREATE libs\/example\/pyproject\.toml/, {
    adds: 'libs/example/pyproject.toml',
    next: READY,
  }),
  'npx nx g @interlock/nx:init': adoption("'g', '@interlock/nx:init')"),
  'npx nx g @interlock/nx:init --dry-run': adoption("'g', '@interlock/nx:init', '--dry-run')"),
  'npx nx g @interlock/nx:init --undo': adoption("'g', '@interlock/nx:init', '--undo')"),
  'npm install --save-dev nx @nx/devkit @interlock/nx': network(
    'the packages must be in a registry; tools/e2e installs their tarballs',
  ),
  'npx interlock ci update --event payload.json --dry-run': network(
    'asks GitHub; tools/workflows/src/cli/update.test.ts runs it against a server on loop-back',
  ),
  'npm install @aws-sdk/client-s3@3': {
    by: 'apps/cache-server/src/io/stores/s3/fitness.test.ts',
    kind: 'e2e',
    words: "hint: 'npm install @aws-sdk/client-s3@3'",
  },
  'uv lock': network('resolves against an index'),
  'uv export --all-groups --all-packages --no-emit-workspace --format requirements.txt --output-file requirements.lock': network(
    'needs the uv.lock of the line before',
  ),
}
