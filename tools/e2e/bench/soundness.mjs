// The soundness test with as many edits as one likes: node tools/e2e/bench/soundness.mjs [edits] [workspaces] [seed]
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const [edits = '2000', workspaces = '24', seed = '20261123'] = process.argv.slice(2)
const root = fileURLToPath(new URL('../', import.meta.url))
const vitest = fileURLToPath(new URL('../../../node_modules/vitest/vitest.mjs', import.meta.url))

const { status, error } = spawnSync(process.execPath, [vitest, 'run', '--root', root, 'src/soundness'], {
  stdio: 'inherit',
  env: {
    ...process.env,
    INTERLOCK_SOUNDNESS_EDITS: edits,
    INTERLOCK_SOUNDNESS_WORKSPACES: workspaces,
    INTERLOCK_SOUNDNESS_SEED: seed,
  },
})
if (error) throw error
process.exitCode = status ?? 1
