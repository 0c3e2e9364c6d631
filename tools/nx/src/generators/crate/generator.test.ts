import { fileURLToPath } from 'node:url'
import type { Tree } from '@nx/devkit'
import { createTree } from '@nx/devkit/testing'
import { expect, test } from 'vitest'
import { addToCargoLock } from './lock.ts'
import crateGenerator from './generator.ts'

const REPOSITORY = fileURLToPath(new URL('../../../../..', import.meta.url))

function workspace(files: Readonly<Record<string, string>>, root: string = REPOSITORY): Tree {
  const tree = createTree()
  // Where the scaffolding package is looked for; the tree itself stays in memory.
  tree.root = root
  for (const [path, text] of Object.entries({ 'Cargo.toml': '', 'Cargo.lock': '', ...files })) {
    if (text === '') tree.delete(path)
    else tree.write(path, text)
  }
  return tree
}

function text(tree: Tree, path: string): string {
  return tree.read(path, 'utf8') ?? `${path} does not exist`
}

const ROOT = `# The workspace.
[workspace]
resolver = "3"
members = [
    "crates/core", # the base
]

[workspace.package]
version = "1.2.3"
edition = "2024"
license = "MIT"

[workspace.lints.rust]
missing_docs = "deny"
`

test('a library joins the workspace, inherits from it and the root manifest keeps its text', async () => {
  const tree = workspace({ 'Cargo.toml': ROOT })
  await crateGenerator(tree, { name: 'my-crate' })
  expect(text(tree, 'Cargo.toml')).toBe(ROOT.replace('base\n]', 'base\n    "crates/my-crate",\n]'))
  expect(text(tree, 'crates/my-crate/Cargo.toml')).toBe(`[package]
name = "my-crate"
version.workspace = true
edition.workspace = true
license.workspace = true

[lints]
workspace = true

[dependencies]
`)
  expect(text(tree, 'crates/my-crate/src/lib.rs')).toMatch(/^\/\/! The crate `my-crate`\.\n\n#\[cfg\(test\)\]\nmod tests/)
})

test('nothing else changes: no project.json, no nx.json, no .cargo/config.toml', async () => {
  const tree = workspace({ 'Cargo.toml': ROOT })
  await crateGenerator(tree, { name: 'my-crate' })
  const changed = tree.listChanges().map(({ path }) => path)
  expect(changed.filter((path) => path !== '.prettierrc').toSorted()).toEqual([
    'Cargo.lock',
    'Cargo.toml',
    'crates/my-crate/Cargo.toml',
    'crates/my-crate/src/lib.rs',
  ])
})

test('a program has a function that is tested and prints without a macro that lints forbid', async () => {
  const tree = workspace({ 'Cargo.toml': '[workspace]\nmembers = ["apps/*"]\n' })
  await crateGenerator(tree, { name: 'tool', directory: 'apps', bin: true })
  expect(text(tree, 'apps/tool/src/main.rs')).toContain('fn greets_by_name()')
  expect(text(tree, 'apps/tool/src/main.rs')).not.toContain('println!')
  expect(text(tree, 'Cargo.toml')).toBe('[workspace]\nmembers = ["apps/*"]\n')
  expect(text(tree, 'apps/tool/Cargo.toml')).toContain('edition = "2021"')
})

test('a repository without a Cargo workspace gets one, and a root package becomes one', async () => {
  const empty = workspace({})
  await crateGenerator(empty, { name: 'first' })
  expect(text(empty, 'Cargo.toml')).toBe('[workspace]\nresolver = "2"\nmembers = ["libs/first"]\n')
  const root = workspace({ 'Cargo.toml': '[package]\nname = "root"\nedition = "2018"\n' })
  await crateGenerator(root, { name: 'second' })
  expect(text(root, 'Cargo.toml')).toBe('[package]\nname = "root"\nedition = "2018"\n\n[workspace]\nmembers = ["libs/second"]\n')
  expect(text(root, 'libs/second/Cargo.toml')).toContain('edition = "2018"')
})

test('a workspace in a subdirectory is the one that the crate joins', async () => {
  const tree = workspace({ 'Cargo.toml': '', 'rust/Cargo.toml': '[workspace]\nmembers = ["a"]\n' })
  await crateGenerator(tree, { name: 'b', directory: 'rust' })
  expect(text(tree, 'rust/Cargo.toml')).toBe('[workspace]\nmembers = ["a", "b"]\n')
})

test('the lock has the member where Cargo writes it', () => {
  const lock =
    'version = 4\n\n[[package]]\nname = "a"\nversion = "1.0.0"\ndependencies = [\n "c",\n]\n\n[[package]]\nname = "c"\nversion = "1.0.0"\n'
  const crate = { version: '0.1.0', file: 'Cargo.lock' }
  expect(addToCargoLock(lock, { name: 'b', ...crate })).toBe(
    lock.replace('[[package]]\nname = "c"', '[[package]]\nname = "b"\nversion = "0.1.0"\n\n[[package]]\nname = "c"'),
  )
  expect(addToCargoLock(lock, { name: 'd', ...crate })).toBe(`${lock}\n[[package]]\nname = "d"\nversion = "0.1.0"\n`)
  expect(() => addToCargoLock(lock, { name: 'c', ...crate })).toThrow(
    'EDIT_CONFLICT: Cargo.lock: a crate of this workspace is named c',
  )
})

test('hostile names, excluded directories and crates that exist are refused', async () => {
  const tree = workspace({
    'Cargo.toml': ROOT.replace('resolver', 'exclude = ["old"]\nresolver'),
    'crates/core/Cargo.toml': '[package]\n',
  })
  await expect(crateGenerator(tree, { name: '../evil' })).rejects.toThrow('CONFIG_INVALID')
  await expect(crateGenerator(tree, { name: 'x', directory: '../..' })).rejects.toThrow('CONFIG_INVALID')
  await expect(crateGenerator(tree, { name: 'x', directory: 'old' })).rejects.toThrow('the workspace excludes old/x')
  await expect(crateGenerator(tree, { name: 'core2', directory: 'crates' })).resolves.toBeTypeOf('function')
  await expect(crateGenerator(tree, { name: 'core2', directory: 'crates' })).rejects.toThrow('EDIT_CONFLICT')
})

test('without @monodon/rust the command that installs it is named', async () => {
  await expect(crateGenerator(workspace({}, '/nowhere'), { name: 'x' })).rejects.toThrow(
    'TOOL_MISSING: @monodon/rust is not installed, and it scaffolds crates\n\nhint: npm install --save-dev @monodon/rust',
  )
})
