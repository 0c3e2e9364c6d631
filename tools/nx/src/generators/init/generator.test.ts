import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Tree } from '@nx/devkit'
import { createTree } from '@nx/devkit/testing'
import { afterEach, beforeEach, expect, test } from 'vitest'
import initGenerator from './generator.ts'

const PACKAGE = '{\n  "name": "theirs"\n}\n'
let root = ''

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'interlock-init-'))
  execFileSync('git', ['init', '--quiet', '--initial-branch=trunk', root])
})
afterEach(() => rmSync(root, { force: true, recursive: true }))

/** A repository with one crate; what the generator writes stays in memory. */
function repository(files: Readonly<Record<string, string>> = {}): Tree {
  const tree = createTree()
  tree.root = root
  const all = {
    'Cargo.toml': '[package]\nname = "one"\nversion = "0.1.0"\nedition = "2021"\n',
    'src/lib.rs': '',
    'package.json': PACKAGE,
    ...files,
  }
  for (const [path, content] of Object.entries(all)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), content)
    tree.write(path, content)
  }
  return tree
}

function texts(tree: Tree): Record<string, string | undefined> {
  return Object.fromEntries(
    ['nx.json', 'package.json', '.gitignore', '.gitattributes', 'closures.json'].map((path) => [
      path,
      tree.read(path, 'utf8') ?? undefined,
    ]),
  )
}

test('init registers the plugin, its sync generator and a cache that belongs to the clone', async () => {
  const tree = repository()
  await initGenerator(tree, {})
  const { 'nx.json': nxJson, '.gitattributes': attributes, 'closures.json': closures } = texts(tree)
  expect(JSON.parse(nxJson ?? '')).toMatchObject({
    analytics: false,
    cacheDirectory: '.nx/cache',
    plugins: ['@interlock/nx/plugin'],
    sync: { globalGenerators: ['@interlock/nx:closures'] },
  })
  expect(attributes).toContain('closures.json merge=union')
  expect(closures).toBeDefined()
})

test('init keeps what nx.json already says', async () => {
  const tree = repository({ 'nx.json': '{\n  "parallel": 7\n}\n' })
  await initGenerator(tree, {})
  expect(texts(tree)['nx.json']).toMatch(/^\{\n {2}"parallel": 7,\n/)
})

test('init changes nothing when it runs again', async () => {
  const tree = repository()
  await initGenerator(tree, {})
  const first = texts(tree)
  await initGenerator(tree, {})
  expect(texts(tree)).toEqual(first)
})

test('init takes back what it did, and only once', async () => {
  const tree = repository({ '.gitignore': 'mine\n' })
  await initGenerator(tree, {})
  expect(texts(tree)['.gitignore']).not.toBe('mine\n')
  await initGenerator(tree, { undo: true })
  expect(texts(tree)).toEqual({
    '.gitattributes': undefined,
    '.gitignore': 'mine\n',
    'closures.json': undefined,
    'nx.json': undefined,
    'package.json': PACKAGE,
  })
  await expect(initGenerator(tree, { undo: true })).rejects.toThrow(/^USAGE: init has changed nothing/)
})

test('init refuses to take back a line that was edited since, and loses nothing', async () => {
  const tree = repository()
  await initGenerator(tree, {})
  tree.write('nx.json', (texts(tree)['nx.json'] ?? '').replace('"analytics": false', '"analytics": true'))
  const edited = texts(tree)
  await expect(initGenerator(tree, { undo: true })).rejects.toThrow(/^EDIT_CONFLICT: .*nx\.json:\d+/s)
  expect(texts(tree)).toEqual(edited)
})
