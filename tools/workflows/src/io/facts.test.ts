import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { pipelineFacts } from './facts.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'interlock-facts-'))
  for (const path of ['Cargo.toml', 'it"s a/Cargo.toml', 'ignored/Cargo.toml', 'gone/Cargo.toml', 'a/fixtures/package.json']) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), '[package')
  }
  writeFileSync(join(root, '.gitignore'), 'ignored\n')
})
afterEach(() => rmSync(root, { recursive: true }))

function git(...words: string[]): void {
  execFileSync('git', words, { cwd: root })
}

it('lists the manifests that git tracks or would track, however broken they are', () => {
  git('init', '-q')
  git('add', 'gone')
  rmSync(join(root, 'gone'), { recursive: true })
  expect(pipelineFacts(root).manifests).toEqual(['Cargo.toml', 'it"s a/Cargo.toml'])
})

it('lists those at the root where there is no git', () => {
  expect(pipelineFacts(root).manifests).toEqual(['Cargo.toml'])
})

it('promise-1: is an error where git does not answer', () => {
  writeFileSync(join(root, '.git'), 'gitdir: /nowhere\n')
  expect(() => pipelineFacts(root)).toThrow(/^GIT_FAILED: git ls-files does not list the files of the workspace: ended with 128/)
})
