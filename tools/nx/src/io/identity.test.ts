import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { closureKey } from '@interlock/kit'
import { expect, it } from 'vitest'
import { runIdentity } from '../testing/run-executor.ts'

it('the identity of Rust names compiler, host and cargo, and is the same twice', () => {
  expect(runIdentity(['rust', '~2e'])).toMatch(/^rustc .*\n[^]*host: .*\n[^]*cargo .*\n$/)
  expect(runIdentity(['rust', '~2e'])).toBe(runIdentity(['rust', '~2e']))
})

it('the identity of Rust changes with the flags that change what it builds', () => {
  expect(runIdentity(['rust', '~2e'], { RUSTFLAGS: '-C debuginfo=1' })).not.toBe(runIdentity(['rust', '~2e']))
})

it.each([
  ['RUSTC_WRAPPER', '/opt/other-compiler'],
  ['RUSTC_WORKSPACE_WRAPPER', 'clippy-driver'],
  ['RUSTC_BOOTSTRAP', '1'],
  ['CARGO_BUILD_TARGET', 'wasm32-unknown-unknown'],
  ['CARGO_BUILD_RUSTDOCFLAGS', '--cfg x'],
  ['CARGO_UNSTABLE_BUILD_STD', 'core'],
  ['CARGO_PROFILE_TEST_OVERFLOW_CHECKS', 'false'],
  ['CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUNNER', 'true'],
])('the identity of Rust changes with %s', (name, value) => {
  expect(runIdentity(['rust', '~2e'], { [name]: value })).not.toBe(runIdentity(['rust', '~2e']))
})

it('a compiler cache and the place of the target folder are no part of the identity of Rust', () => {
  const env = { RUSTC_WRAPPER: '/usr/bin/sccache', CARGO_TARGET_DIR: '/elsewhere', CARGO_BUILD_JOBS: '1' }
  expect(runIdentity(['rust', '~2e'], env)).toBe(runIdentity(['rust', '~2e']))
})

it('a failure never looks like another failure', () => {
  const failed = (): string => runIdentity(['rust', '~2e'], { PATH: '/nonexistent' })
  expect(failed()).toMatch(/^not known: rust ENOENT /)
  expect(failed()).not.toBe(failed())
  expect(runIdentity(['cobol'])).toMatch(/^not known: cobol/)
})

it('the identity of Python is that of the environment that the target uses', () => {
  const root = mkdtempSync(join(tmpdir(), 'interlock-identity-'))
  const environment = join(root, 'é v.2')
  mkdirSync(join(environment, 'bin'), { recursive: true })
  writeFileSync(join(environment, 'bin/python'), '#!/bin/sh\necho special 9.9\n', { mode: 0o755 })
  expect(runIdentity(['python', '~2e', closureKey(environment)])).toBe('environment: special 9.9\n')
  expect(runIdentity(['python', closureKey(root)], {}, root)).toMatch(/^no environment: 3\./)
  mkdirSync(join(root, '.venv/bin'), { recursive: true })
  writeFileSync(join(root, '.venv/bin/python'), '#!/bin/sh\necho own 3.1\n', { mode: 0o755 })
  // uv ignores an active environment that is not the project's, so the project's own must count as well.
  expect(runIdentity(['python', closureKey(root)], { VIRTUAL_ENV: environment }, root)).toBe(
    'environment: special 9.9\nenvironment: own 3.1\n',
  )
  rmSync(root, { recursive: true })
})

it('the identity of a target that runs `python` is that of the one on the path, and of the active environment', () => {
  const place = ['python-on-path', '~2e']
  expect(runIdentity(place)).toMatch(/^on PATH: 3\./)
  expect(runIdentity(place, { VIRTUAL_ENV: '/one' })).not.toBe(runIdentity(place, { VIRTUAL_ENV: '/other' }))
})

it('the identity of a target that Poetry runs is that of the interpreter that Poetry takes in its folder', () => {
  const root = mkdtempSync(join(tmpdir(), 'interlock-poetry-'))
  const poetry = (version: string): void =>
    writeFileSync(join(root, 'poetry'), `#!/bin/sh\necho "$PWD $1 $2 ${version}"\n`, { mode: 0o755 })
  const identity = (): string => runIdentity(['poetry', closureKey(root)], { PATH: `${root}:${process.env['PATH']}` })
  poetry('3.11')
  expect(identity()).toBe(`of Poetry: ${realpathSync(root)} run python 3.11\n`)
  poetry('3.12')
  expect(identity()).toContain('3.12')
  rmSync(root, { recursive: true })
  expect(runIdentity(['poetry', '~2e'], { PATH: '/nonexistent' })).toMatch(/^not known: poetry ENOENT /)
})
