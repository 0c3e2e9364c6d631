import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
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
  rmSync(root, { recursive: true })
})
