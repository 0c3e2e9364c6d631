import { capture } from '../processes.mjs'
import { compareVersions } from './node.mjs'

/** What is installed, and the oldest that this repository is known to work with. */
export const LLVM_COV = { install: '0.9.1', minimum: [0, 8, 0] }

const COMPONENT = ['component', 'add', 'llvm-tools']
const INSTALL = ['install', '--locked', `cargo-llvm-cov@${LLVM_COV.install}`]

/**
 * What measures Rust. It takes minutes to build, so set-up does it where somebody asks for it.
 *
 * @type {import('../types.d.ts').Step}
 */
export const coverage = {
  name: 'Coverage of Rust',
  async inspect({ root, env, run }) {
    const ask = (/** @type {string} */ program, /** @type {string[]} */ ...words) => capture(program, words, { cwd: root, env })
    const installed = await ask('rustup', 'component', 'list', '--installed')
    const tools = installed.stdout.split('\n').some((line) => line.startsWith('llvm-tools'))
    const version = /^cargo-llvm-cov (\d+\.\d+\.\d+)/.exec((await ask('cargo', 'llvm-cov', '--version')).stdout)?.[1]
    const recent = version !== undefined && compareVersions(version.split('.').map(Number), LLVM_COV.minimum) >= 0
    if (tools && recent) return { detail: `cargo-llvm-cov ${version}, llvm-tools`, state: 'ready' }
    const commands = [...(tools ? [] : [['rustup', ...COMPONENT]]), ...(recent ? [] : [['cargo', ...INSTALL]])]
    return {
      command: commands.map((words) => words.join(' ')).join('\n'),
      detail: commands.length === 2 ? 'not installed' : `without ${tools ? 'a recent cargo-llvm-cov' : 'llvm-tools'}`,
      state: 'needed',
      async apply() {
        for (const [program = '', ...words] of commands) await run(program, words)
        return `cargo-llvm-cov ${recent ? version : LLVM_COV.install}, llvm-tools`
      },
    }
  },
}
