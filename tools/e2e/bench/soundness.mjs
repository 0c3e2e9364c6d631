// The soundness test with as many edits as one likes:
// node tools/e2e/bench/soundness.mjs [edits] [workspaces] [seed] [--jobs N] [--page FILE]
import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { jobs: { type: 'string', default: '2' }, page: { type: 'string' } },
})
const [edits = '2000', workspaces = '40', seed = '20261123'] = positionals
const root = fileURLToPath(new URL('../', import.meta.url))
const vitest = fileURLToPath(new URL('../../../node_modules/vitest/vitest.mjs', import.meta.url))

const { status, error } = spawnSync(process.execPath, [vitest, 'run', '--root', root, 'src/soundness'], {
  stdio: 'inherit',
  env: {
    ...process.env,
    INTERLOCK_SOUNDNESS_EDITS: edits,
    INTERLOCK_SOUNDNESS_WORKSPACES: workspaces,
    INTERLOCK_SOUNDNESS_SEED: seed,
    INTERLOCK_SOUNDNESS_JOBS: values.jobs,
    ...(values.page === undefined ? {} : { INTERLOCK_SOUNDNESS_PAGE: resolve(values.page) }),
  },
})
if (error) throw error
process.exitCode = status ?? 1
