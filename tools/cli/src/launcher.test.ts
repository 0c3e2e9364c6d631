import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const LAUNCHER = join(import.meta.dirname, '..', 'bin', 'interlock.js')
const env = { ...process.env, NODE_OPTIONS: '' }

test('a clone runs from its TypeScript source, without a build and without flags of Node', () => {
  const result = spawnSync(process.execPath, [LAUNCHER, '--help'], { cwd: import.meta.dirname, encoding: 'utf8', env })
  expect(result.stderr).toBe('')
  expect(result.stdout).toContain('Usage: interlock')
  expect(result.stdout).toMatch(/base \[options\]/u)
})

test('the exit status of a verb is the exit status of the process', () => {
  const outside = mkdtempSync(join(tmpdir(), 'interlock-outside-'))
  const result = spawnSync(process.execPath, [LAUNCHER, 'base'], { cwd: outside, encoding: 'utf8', env })
  expect(result).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining(realpathSync(outside)) })
  rmSync(outside, { recursive: true })
})

test('a reader that leaves early is no failure of the command', () => {
  const words = ['-o', 'pipefail', '-c', '"$0" "$1" --help | (exec <&-; sleep 2)', process.execPath, LAUNCHER]
  const result = spawnSync('bash', words, { cwd: import.meta.dirname, encoding: 'utf8', env })
  expect(result).toMatchObject({ status: 0, stderr: '' })
})

test.runIf(existsSync('/dev/full'))('promise-1: an answer that could not be written is no success', () => {
  const words = ['-c', '"$0" "$1" --help > /dev/full', process.execPath, LAUNCHER]
  const result = spawnSync('bash', words, { cwd: import.meta.dirname, encoding: 'utf8', env })
  expect(result).toMatchObject({ status: 6, stderr: 'the answer could not be written to stdout (ENOSPC)\n' })
})

test('without source next to it, the launcher takes dist', () => {
  const installed = mkdtempSync(join(tmpdir(), 'interlock-installed-'))
  cpSync(join(import.meta.dirname, '..', 'bin'), join(installed, 'bin'), { recursive: true })
  symlinkSync(join(import.meta.dirname, '..', 'package.json'), join(installed, 'package.json'))
  const result = spawnSync(process.execPath, [join(installed, 'bin', 'interlock.js')], { encoding: 'utf8', env })
  expect(result.stderr).toContain(join('dist', 'main.js'))
  rmSync(installed, { recursive: true })
})
