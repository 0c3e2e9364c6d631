import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { expect, test } from 'vitest'
import { assertNxSupported, nxVersion } from './nx.ts'

test('the version is that of the installed Nx', () => {
  const manifest = JSON.parse(readFileSync(createRequire(import.meta.url).resolve('nx/package.json'), 'utf8')) as {
    version: string
  }
  expect(nxVersion()).toBe(manifest.version)
  expect(() => assertNxSupported()).not.toThrow()
})

test('an Nx before 24 is refused with the command that mends it', () => {
  expect(() => assertNxSupported('23.3.1')).toThrow(/^NX_TOO_OLD: Nx 23\.3\.1 [^]*hint: install nx 24/)
  expect(() => assertNxSupported('25.0.0')).not.toThrow()
})
