import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defaultPython, findPythons } from '../pythons.mjs'
import type { Context } from '../types.d.ts'
import { coverage, LLVM_COV } from './coverage.mjs'
import { crates } from './crates.mjs'
import { environments, missingLanes } from './environments.mjs'
import { git } from './git.mjs'
import { node, satisfies } from './node.mjs'
import { npm, packages } from './packages.mjs'
import { exactChannel, rust } from './rust.mjs'
import { aptInstall, system } from './system.mjs'
import { UV, uv } from './uv.mjs'

let root = ''
let log: string[] = []
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'setup-steps-'))
  log = []
  write('package.json', '{"engines":{"node":"^20.19.0 || >=22.12.0"}}')
  write('rust-toolchain.toml', '[toolchain]\nchannel = "1.95.0"\n')
  write('requirements.lock', 'black==1\n')
  write('.python-version', '3.11\n')
})
afterEach(() => rmSync(root, { force: true, recursive: true }))

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}

/** A program of this test's own on an otherwise empty PATH. */
function program(name: string, script: string): void {
  write(`bin/${name}`, `#!/bin/sh\n${script}\n`)
  chmodSync(join(root, 'bin', name), 0o755)
}

function context(extra: Partial<Context> = {}): Context {
  const run: Context['run'] = async (name, args) => void log.push([name, ...args].join(' ').replaceAll(root, '.'))
  return {
    env: { PATH: join(root, 'bin'), PYENV_ROOT: join(root, 'pyenv') },
    platform: 'linux',
    pythons: undefined,
    root,
    run,
    uv: undefined,
    ...extra,
  }
}

describe('Node', () => {
  it.each([
    ['20.19.0', true],
    ['20.18.9', false],
    ['21.9.0', false],
    ['22.11.0', false],
    ['22.12.0', true],
    ['24.1.0', true],
  ])('%s fits the engines of this repository: %s', (version, fits) => {
    expect(satisfies(version, '^20.19.0 || >=22.12.0')).toBe(fits)
  })

  it('that is too old is named with the range that is needed', async () => {
    write('package.json', '{"engines":{"node":">=99.0.0"}}')
    expect(await node.inspect(context())).toMatchObject({ detail: expect.stringContaining('>=99.0.0'), state: 'missing' })
  })
})

describe('git', () => {
  it('that is missing is named', async () => {
    expect(await git.inspect(context())).toMatchObject({ detail: 'git was not found', state: 'missing' })
  })

  it('is of no use outside a clone', async () => {
    program(
      'git',
      'case "$1" in --version) echo git version 2;; *) echo "fatal: detected dubious ownership" >&2; exit 128;; esac',
    )
    expect(await git.inspect(context())).toMatchObject({ hint: expect.stringContaining('safe.directory'), state: 'missing' })
  })
})

describe('crates', () => {
  it('are fetched when one of them is not there, by the lock and for every platform', async () => {
    program('cargo', `test "$*" = "fetch --locked --offline --quiet" && test -e ${JSON.stringify(join(root, 'there'))}`)
    const found = await crates.inspect(context())
    expect(found).toMatchObject({ command: 'cargo fetch --locked', state: 'needed' })
    if (found.state === 'needed') await found.apply()
    expect(log).toEqual(['cargo fetch --locked'])
    write('there', '')
    expect(await crates.inspect(context())).toEqual({ detail: 'all in Cargo.lock', state: 'ready' })
  })
})

describe('what measures Rust', () => {
  it('is installed where it is not there, each part by itself', async () => {
    program('rustup', 'echo rustfmt-x')
    program('cargo', 'exit 101')
    const both = await coverage.inspect(context())
    const [component, build] = ['rustup component add llvm-tools', `cargo install --locked cargo-llvm-cov@${LLVM_COV.install}`]
    expect(both).toMatchObject({ command: `${component}\n${build}`, detail: 'not installed', state: 'needed' })
    if (both.state === 'needed') await both.apply()
    expect(log).toEqual([component, build])

    program('rustup', 'echo llvm-tools-x')
    program('cargo', 'echo cargo-llvm-cov 0.7.9')
    expect(await coverage.inspect(context())).toMatchObject({
      command: build,
      detail: 'without a recent cargo-llvm-cov',
      state: 'needed',
    })
    program('cargo', 'echo cargo-llvm-cov 0.10.0')
    expect(await coverage.inspect(context())).toEqual({ detail: 'cargo-llvm-cov 0.10.0, llvm-tools', state: 'ready' })
  })
})

describe('npm packages', () => {
  it('are installed once, and again after an interruption or a new lock', async () => {
    write('package-lock.json', '{}')
    const first = await packages.inspect(context())
    expect(first).toMatchObject({ command: 'npm ci', state: 'needed' })
    mkdirSync(join(root, 'node_modules'))
    expect((await packages.inspect(context())).state).toBe('needed')
    if (first.state === 'needed') await first.apply()
    expect(log).toEqual(['npm ci --include=dev'])
    expect((await packages.inspect(context())).state).toBe('ready')
    write('package-lock.json', '{ }')
    expect((await packages.inspect(context())).state).toBe('needed')
  })

  it('are installed by the npm that is running, without a shell', () => {
    expect(npm({ npm_execpath: '/x/npm-cli.js' }, 'linux')).toEqual([process.execPath, '/x/npm-cli.js'])
    expect(npm({ npm_execpath: '/x/yarn.js' }, 'linux')).toEqual(['npm'])
    expect(npm({}, 'win32')[0]).toBe(process.execPath)
  })
})

describe('Rust', () => {
  it('wants an exact channel', () => {
    expect(exactChannel('[toolchain]\nchannel = "1.95.0"')).toBe('1.95.0')
    expect(() => exactChannel('[toolchain]\nchannel = "stable"')).toThrow('must be an exact version')
  })

  it('that is missing is named with what to install', async () => {
    expect(await rust.inspect(context())).toMatchObject({ hint: expect.stringContaining('rustup'), state: 'missing' })
  })

  it('is installed by rustup when only other versions are there', async () => {
    program('rustup', 'case "$1" in toolchain) echo "1.94.0-x (default)";; run) echo "rustc 1.94.0 (x)";; esac')
    const found = await rust.inspect(context())
    expect(found).toMatchObject({ command: expect.stringMatching(/^rustup toolchain install 1\.95\.0 /), state: 'needed' })
    if (found.state === 'needed') await found.apply()
    expect(log).toEqual(['rustup toolchain install 1.95.0 --profile minimal --component rustfmt,clippy'])
  })

  it('of the same version under another name is used without a download', async () => {
    program(
      'rustup',
      'case "$1" in toolchain) echo "stable-x (default)";; run) echo "rustc 1.95.0 (x)";; component) echo rustfmt-x; echo clippy-x;; esac',
    )
    const here = context()
    expect(await rust.inspect(here)).toMatchObject({
      detail: expect.stringContaining('RUSTUP_TOOLCHAIN=stable-x'),
      state: 'ready',
    })
    expect(here.env['RUSTUP_TOOLCHAIN']).toBe('stable-x')
  })

  it('gets the components that it lacks', async () => {
    program('rustup', 'case "$1" in toolchain) echo 1.95.0-x;; component) echo rustfmt-x;; esac')
    expect(await rust.inspect(context())).toMatchObject({ detail: 'toolchain 1.95.0 lacks clippy', state: 'needed' })
  })

  it('follows a RUSTUP_TOOLCHAIN of the user', async () => {
    program('cargo', 'echo "cargo 1.96.0 (x)"')
    const env = { ...context().env, RUSTUP_TOOLCHAIN: 'beta' }
    expect(await rust.inspect(context({ env }))).toMatchObject({
      detail: 'cargo 1.96.0, by your RUSTUP_TOOLCHAIN=beta; rust-toolchain.toml says 1.95.0',
      state: 'ready',
    })
  })
})

describe('the C linker', () => {
  it('is left to a person where apt cannot be used', async () => {
    expect(await system.inspect(context())).toMatchObject({ hint: expect.stringContaining('build-essential'), state: 'missing' })
    expect(aptInstall(false, ['x'])).toBeUndefined()
    expect(aptInstall(true, ['x'])?.[1]).toContain('x')
  })
})

describe('Python', () => {
  it('is found in pyenv though it is not active, and shims that fail are passed over', async () => {
    program('python3', 'exit 127')
    program('../pyenv/versions/3.9.18/bin/python3', 'echo cpython 3.9.18 /p/3.9.18')
    program('../pyenv/versions/3.11.2/bin/python3', 'echo cpython 3.11.2 /p/3.11.2')
    program('../pyenv/versions/3.11.10/bin/python3', 'echo cpython 3.11.10 /p/3.11.10')
    program('../pyenv/versions/3.8.1/bin/python3', 'echo cpython 3.8.1 /p/3.8.1')
    program('../pyenv/versions/pypy/bin/python3', 'echo pypy 3.10.1 /p/pypy')
    const found = await findPythons(context())
    expect([...found].map(([key, { version }]) => `${key}=${version}`)).toEqual(['3.9=3.9.18', '3.11=3.11.10'])
    expect(missingLanes(found)).toEqual(['3.10', '3.12', '3.13'])
    expect(defaultPython(found, '3.11\n')?.[0]).toBe('3.11')
    expect(defaultPython(found, '3.12\n')?.[0]).toBe('3.11')
    expect(defaultPython(new Map(), '3.12')).toBeUndefined()
  })

  it('environments are made once per lock, and missing versions are named as not run', async () => {
    const pythons = new Map([['3.11', { path: '/p/3.11', version: '3.11.7' }]])
    const first = await environments.inspect(context({ pythons, uv: 'uv' }))
    expect(first).toMatchObject({ detail: expect.stringContaining('.venv, .venv-3.11'), state: 'needed' })
    expect(first.state === 'needed' && first.notes).toContain('test-py3.9: not run, because there is no Python 3.9 here')
    for (const folder of ['.venv', '.venv-3.11']) write(`${folder}/bin/python`, '')
    if (first.state === 'needed') await first.apply()
    expect(log.slice(0, 2)).toEqual([
      'uv venv --quiet --clear --no-project --python /p/3.11 ./.venv',
      'uv pip sync --quiet --require-hashes --python ./.venv ./requirements.lock',
    ])
    expect((await environments.inspect(context({ pythons }))).state).toBe('ready')
    write('requirements.lock', 'black==2\n')
    expect((await environments.inspect(context({ pythons }))).state).toBe('needed')
  })

  it('that is missing altogether is named', async () => {
    expect(await environments.inspect(context({ pythons: new Map() }))).toMatchObject({ state: 'missing' })
  })
})

describe('uv', () => {
  it('on PATH is used when it is recent', async () => {
    program('uv', `echo uv ${UV.install}`)
    const here = context()
    expect(await uv.inspect(here)).toEqual({ detail: UV.install, state: 'ready' })
    expect(here.uv).toBe('uv')
  })

  it('that is too old gets one of our own, linked where npx and nx look', async () => {
    program('uv', 'echo uv 0.2.0')
    symlinkSync('/bin/true', join(root, 'bin', 'py'))
    const here = context({ pythons: new Map([['3.11', { path: join(root, 'bin', 'py'), version: '3.11.7' }]]) })
    const found = await uv.inspect(here)
    expect(found).toMatchObject({ detail: '0.2.0 is older than 0.13.0', state: 'needed' })
    if (found.state === 'needed') await found.apply()
    expect(log.at(-1)).toBe(`./.tools/uv/bin/python -m pip install --quiet --disable-pip-version-check uv==${UV.install}`)
    program('../.tools/uv/bin/uv', `echo uv ${UV.install}`)
    expect(await uv.inspect(context())).toMatchObject({ state: 'ready' })
    rmSync(join(root, 'node_modules'), { recursive: true })
    expect(await uv.inspect(context())).toMatchObject({ detail: 'not linked into node_modules/.bin', state: 'needed' })
  })

  it('cannot be made without Python', async () => {
    expect(await uv.inspect(context({ pythons: new Map() }))).toMatchObject({ state: 'missing' })
  })
})
