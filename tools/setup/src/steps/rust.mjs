import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { capture } from '../processes.mjs'

const COMPONENTS = ['rustfmt', 'clippy']
const INSTALL_RUSTUP = 'install rustup as rustup.rs describes, open a new shell and run the same command again'

/** @typedef {import('../types.d.ts').Context} Context @typedef {import('../types.d.ts').Finding} Finding */

/** @type {import('../types.d.ts').Step} */
export const rust = {
  name: 'Rust',
  async inspect(context) {
    const channel = exactChannel(readFileSync(join(context.root, 'rust-toolchain.toml'), 'utf8'))
    const chosen = context.env['RUSTUP_TOOLCHAIN']
    if (chosen !== undefined && chosen !== '') return chosenByUser(context, { channel, chosen })
    // Without this, asking rustup a question may download a toolchain.
    const env = { ...context.env, RUSTUP_AUTO_INSTALL: '0' }
    const list = await capture('rustup', ['toolchain', 'list'], { cwd: context.root, env })
    if (list.status !== 0) return withoutRustup(context, channel)
    const installed = list.stdout
      .split('\n')
      .map((line) => line.split(' ')[0] ?? '')
      .filter((name) => name !== '')
    if (installed.some((name) => name === channel || name.startsWith(`${channel}-`))) return components(context, channel)
    for (const name of installed) {
      const version = await capture('rustup', ['run', name, 'rustc', '--version'], { cwd: context.root, env })
      if (!version.stdout.startsWith(`rustc ${channel} `)) continue
      context.env['RUSTUP_TOOLCHAIN'] = name
      const found = await components(context, name)
      return {
        ...found,
        detail: `${found.detail}, by RUSTUP_TOOLCHAIN=${name}, which is ${channel}; in other shells: rustup toolchain install ${channel}`,
      }
    }
    return {
      command: `rustup toolchain install ${channel} --profile minimal --component ${COMPONENTS.join(',')}`,
      detail: `toolchain ${channel} is not installed`,
      state: 'needed',
      async apply() {
        await context.run('rustup', [
          'toolchain',
          'install',
          channel,
          '--profile',
          'minimal',
          '--component',
          COMPONENTS.join(','),
        ])
        return `cargo ${channel}`
      },
    }
  },
}

/** The channel of a `rust-toolchain.toml`: an exact version. @param {string} text @returns {string} */
export function exactChannel(text) {
  const channel = /^\s*channel\s*=\s*["'](\d+\.\d+\.\d+)["']/m.exec(text)?.[1]
  if (channel === undefined) throw new TypeError('rust-toolchain.toml: channel must be an exact version such as "1.95.0"')
  return channel
}

/** @param {Context} context @param {{ channel: string, chosen: string }} names @returns {Promise<Finding>} */
async function chosenByUser({ root, env }, { channel, chosen }) {
  const version = await cargoVersion({ env, root })
  if (version === undefined) {
    return {
      detail: `RUSTUP_TOOLCHAIN=${chosen} gives no cargo`,
      hint: `unset RUSTUP_TOOLCHAIN, or rustup toolchain install ${chosen}`,
      state: 'missing',
    }
  }
  const other = version === channel ? '' : `; rust-toolchain.toml says ${channel}`
  return { detail: `cargo ${version}, by your RUSTUP_TOOLCHAIN=${chosen}${other}`, state: 'ready' }
}

/** @param {Context} context @param {string} channel @returns {Promise<Finding>} */
async function withoutRustup({ root, env }, channel) {
  const version = await cargoVersion({ env, root })
  if (version === channel) return { detail: `cargo ${version}, without rustup`, state: 'ready' }
  const found = version === undefined ? 'cargo was not found' : `cargo is ${version}, and there is no rustup to get ${channel}`
  return { detail: found, hint: INSTALL_RUSTUP, state: 'missing' }
}

/** @param {Context} context @param {string} toolchain @returns {Promise<Finding>} */
async function components({ root, env, run }, toolchain) {
  const list = await capture('rustup', ['component', 'list', '--installed', '--toolchain', toolchain], { cwd: root, env })
  const absent = COMPONENTS.filter((component) => !list.stdout.split('\n').some((line) => line.startsWith(component)))
  // A linked toolchain has no component list: then the programs themselves are asked.
  const usable = list.status === 0 ? absent.length === 0 : await programsRun({ env, root, toolchain })
  if (usable) return { detail: `cargo of ${toolchain}`, state: 'ready' }
  const args = ['component', 'add', ...COMPONENTS, '--toolchain', toolchain]
  return {
    command: `rustup ${args.join(' ')}`,
    detail: `toolchain ${toolchain} lacks ${absent.join(' and ')}`,
    state: 'needed',
    async apply() {
      await run('rustup', args)
      return `cargo of ${toolchain}`
    },
  }
}

/** @param {{ root: string, env: Context['env'], toolchain: string }} where */
async function programsRun({ root, env, toolchain }) {
  const programs = ['rustfmt', 'cargo-clippy']
  const results = await Promise.all(
    programs.map((program) => capture('rustup', ['run', toolchain, program, '--version'], { cwd: root, env })),
  )
  return results.every((result) => result.status === 0)
}

/** @param {{ root: string, env: Context['env'] }} where */
async function cargoVersion({ root, env }) {
  const result = await capture('cargo', ['--version'], { cwd: root, env: { ...env, RUSTUP_AUTO_INSTALL: '0' } })
  return result.status === 0 ? /^cargo (\S+)/.exec(result.stdout)?.[1] : undefined
}
