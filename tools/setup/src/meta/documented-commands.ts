import { TARGETS } from '../then/test.mjs'

/**
 * What proves each command that the README, CONTRIBUTING and the docs name. A command that is not here fails the test, so
 * nobody can document one that was never tried.
 *
 * - `run`: run by the test beside this file, as written
 * - `gate`: `npm test` runs this target for every project, so it fails when the command would
 * - `covered`: run by the tests in that file or folder, through the same code
 * - `network`: needs a registry, or the packages in one
 */
export type Proof =
  | { readonly kind: 'run' }
  | { readonly kind: 'gate'; readonly target: string }
  | { readonly kind: 'covered'; readonly by: string }
  | { readonly kind: 'network'; readonly why: string }

const run: Proof = { kind: 'run' }
const covered = (by: string): Proof => ({ by, kind: 'covered' })
const gate = (target: (typeof TARGETS)[number]): Proof => ({ kind: 'gate', target })
const network = (why: string): Proof => ({ kind: 'network', why })

export const PROOFS: Readonly<Record<string, Proof>> = {
  'npm start': covered('tools/setup/src/then/then.test.ts'),
  'npm test': covered('tools/setup/src/then/then.test.ts'),
  'npm run setup -- --check': run,
  'npx interlock base': run,
  'npx interlock doctor': covered('tools/setup/src/then/then.test.ts'),
  'npx interlock lock diff': run,
  'npx interlock affected -t test': gate('test'),
  'npx interlock why proxy': run,
  'npx nx show project proxy': run,
  'npx nx show project homomorphic-llm-client': run,
  'npx nx test he': gate('test'),
  'npx nx lint proxy': gate('lint'),
  'npx nx run-many -t format lint typecheck': gate('typecheck'),
  'npx nx build @interlock/docs': gate('build'),
  'npx nx sync': covered('tools/nx/src/generators/closures'),
  'npx oxfmt': gate('format'),
  'cargo fmt --all': gate('format'),
  'uv run --no-sync black libs': gate('format'),
  'npx nx g @interlock/nx:crate NAME': covered('tools/nx/src/generators/crate'),
  'npx nx g @interlock/nx:python-package NAME': covered('tools/nx/src/generators/python-package'),
  'npx nx g @interlock/nx:init': covered('tools/nx/src/generators/init'),
  'npx nx g @interlock/nx:init --dry-run': covered('tools/nx/src/generators/init'),
  'npx nx g @interlock/nx:init --undo': covered('tools/nx/src/generators/init'),
  'npm install --save-dev nx @nx/devkit @interlock/nx': network(
    'the packages must be in a registry; tools/e2e installs their tarballs',
  ),
  'uv lock': network('resolves against an index'),
  'uv export --all-groups --all-packages --no-emit-workspace --format requirements.txt --output-file requirements.lock': network(
    'needs the uv.lock of the line before',
  ),
}
