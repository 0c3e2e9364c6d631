import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Tree } from '@nx/devkit'
import { createTree } from '@nx/devkit/testing'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { RECORD_FILE } from '../../io/init-record.ts'
import { writeChanges } from '../../testing/write-changes.ts'
import initGenerator from './generator.ts'

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'interlock-init-'))
  execFileSync('git', ['init', '--quiet', '--initial-branch=trunk'], { cwd: root })
  writeFileSync(join(root, 'Cargo.toml'), '[package]\nname = "one"\nversion = "0.1.0"\nedition = "2021"\n')
  writeFileSync(join(root, 'Cargo.lock'), 'version = 4\n\n[[package]]\nname = "one"\nversion = "0.1.0"\n')
})

afterEach(() => rmSync(root, { recursive: true, force: true }))

/** A tree over the repository on disk, as Nx makes one for each generator. */
function tree(): Tree {
  const made = createTree()
  made.root = root
  return made
}

async function run(options: { undo?: boolean } = {}): Promise<string[]> {
  const made = tree()
  await initGenerator(made, options)
  const changes = changed(made)
  writeChanges(made, root)
  return changes
}

function changed(made: Tree): string[] {
  return (
    made
      .listChanges()
      // Devkit puts the first into every tree for tests; folders that become empty go with their last file.
      .filter(({ path }) => !['.prettierrc', '.nx', '.nx/interlock'].includes(path))
      .map(({ path, type }) => `${type} ${path}`)
      .toSorted()
  )
}

test('init adds five files and remembers them, and a second run adds nothing', async () => {
  const added = ['.gitattributes', '.gitignore', RECORD_FILE, 'closures.json', 'nx.json', 'package.json']
  expect(await run()).toEqual(added.map((path) => `CREATE ${path}`))
  expect(readFileSync(join(root, 'nx.json'), 'utf8')).toContain('"defaultBase": "trunk"')
  expect(readFileSync(join(root, 'closures.json'), 'utf8')).toMatch(/^\{\n {2}"~2e": "[0-9a-f]{32}"\n\}\n$/)
  expect(await run()).toEqual([])
})

test('--undo takes back every file that init created', async () => {
  await run()
  const made = tree()
  await initGenerator(made, { undo: true })
  const added = ['.gitattributes', '.gitignore', RECORD_FILE, 'closures.json', 'nx.json', 'package.json']
  expect(changed(made)).toEqual(added.map((path) => `DELETE ${path}`))
})

test('--undo refuses when a line of init was edited, names it and changes nothing', async () => {
  await run()
  const text = readFileSync(join(root, 'nx.json'), 'utf8')
  writeFileSync(join(root, 'nx.json'), text.replace('"analytics": false,', '"analytics": false,\n  "parallel": 2,'))
  const made = tree()
  await expect(initGenerator(made, { undo: true })).rejects.toThrow(
    'EDIT_CONFLICT: edited since init wrote it: nx.json:4; nothing was changed',
  )
  expect(changed(made)).toEqual([])
})

test('--undo without a record says so', async () => {
  await expect(initGenerator(tree(), { undo: true })).rejects.toThrow(/^USAGE: init has changed nothing in this clone/)
})

test('a broken manifest is named before anything is written', async () => {
  writeFileSync(join(root, 'Cargo.toml'), '[package\n')
  const made = tree()
  await expect(initGenerator(made, {})).rejects.toThrow(/^CARGO_MANIFEST_UNREADABLE: Cargo\.toml:1:/)
  expect(changed(made)).toEqual([])
})

test('what the graph would refuse is refused before anything is written', async () => {
  for (const folder of ['a', 'b']) {
    mkdirSync(join(root, folder))
    writeFileSync(join(root, folder, 'project.json'), '{"name": "same"}')
  }
  const made = tree()
  await expect(initGenerator(made, {})).rejects.toThrow(/^GRAPH_NAME_DUPLICATE: a\/project\.json: same is also the name of b/)
  expect(changed(made)).toEqual([])
})
