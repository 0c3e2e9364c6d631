import { describe, expect, it } from 'vitest'
import type { Files } from '../testing/layout.ts'
import { crate, lock, projectAt, read } from '../testing/small.ts'

const ROOT = `[workspace]
members = ["a", "b", "c"]
resolver = "2"
[workspace.package]
version = "1.0.0"
description = "text"
[workspace.dependencies]
serde = { version = "1", features = ["derive"] }
rand = "0.9"
b = { path = "b" }
[workspace.lints.rust]
unsafe_code = "forbid"
[workspace.metadata.tool]
key = 1
[profile.release]
strip = true
[patch.crates-io]
[mystery]
x = 1979-05-27
`
/** a -> b (inherited), b inherits serde and dev rand; c has only its own things. */
const MEMBERS: Files = {
  'a/Cargo.toml':
    '[package]\nname = "a"\nversion.workspace = true\n[dependencies]\nb.workspace = true\n[lints]\nworkspace = true\n',
  'b/Cargo.toml': crate(
    'b',
    '[dependencies]\nserde = { workspace = true, features = ["std"] }\n[dev-dependencies]\nrand.workspace = true\n',
  ),
  'c/Cargo.toml': crate('c', '[dependencies]\nserde = "1"\n'),
  'Cargo.lock': lock('a 0.1.0: b', 'b 0.1.0: serde, rand', 'c 0.1.0: serde', 'serde 1.0.0 registry', 'rand 0.9.0 registry'),
}

function shares(root: string): Record<string, readonly string[]> {
  const { projects } = read({ ...MEMBERS, 'Cargo.toml': root })
  return Object.fromEntries(projects.map((project) => [project.root, project.lock?.manifestLines ?? []]))
}

/** Members whose share differs from that of the unchanged root manifest. */
function moved(from: string, to: string): string[] {
  expect(ROOT).toContain(from)
  const [before, after] = [shares(ROOT), shares(ROOT.replace(from, to))]
  return Object.keys(before).filter((root) => JSON.stringify(before[root]) !== JSON.stringify(after[root]))
}

describe('the share of the root manifest', () => {
  it('holds what a member and those that it reaches inherit, and what is for everyone', () => {
    expect(shares(ROOT)['a']).toEqual([
      'mystery.x = 1979-05-27',
      'profile.release = {"strip":true}',
      'resolver = "2"',
      'workspace.dependencies.b = {"path":"b"}',
      'workspace.dependencies.serde = {"features":["derive"],"version":"1"}',
      'workspace.lints.rust = {"unsafe_code":"forbid"}',
      'workspace.metadata.tool = {"key":1}',
      'workspace.package.version = "1.0.0"',
    ])
  })

  it.each([
    ['a feature of an inherited dependency, with the same lock', 'features = ["derive"]', 'features = []', ['a', 'b']],
    ['an inherited dev-dependency: its own member only', 'rand = "0.9"', 'rand = "0.9.1"', ['b']],
    ['an inherited package key', 'version = "1.0.0"', 'version = "1.0.1"', ['a']],
    ['a package key that nobody inherits', 'description = "text"', 'description = "other"', []],
    ['lints', '"forbid"', '"deny"', ['a']],
    ['a profile', 'strip = true', 'strip = false', ['a', 'b', 'c']],
    ['a patch of what few reach', '[patch.crates-io]\n', '[patch.crates-io]\nrand = { git = "file:///r" }\n', ['b']],
    ['a patch of what all reach', '[patch.crates-io]\n', '[patch.crates-io]\nserde = { git = "file:///r" }\n', ['a', 'b', 'c']],
    ['a renamed patch', '[patch.crates-io]\n', '[patch.crates-io]\nx = { git = "file:///r", package = "rand" }\n', ['b']],
    ['a patch to a folder that is gone', '[patch.crates-io]\n', '[patch.crates-io]\nrand = { path = "v" }\n', ['a', 'b', 'c']],
    ['a patch that the lock does not know', '[patch.crates-io]\n', '[patch.crates-io]\nx = { path = "v" }\n', ['a', 'b', 'c']],
    ['a table that Cargo refuses', '[patch.crates-io]\n', '[patch]\ncrates-io = 1\n', ['a', 'b', 'c']],
    ['the resolver', 'resolver = "2"', 'resolver = "3"', ['a', 'b', 'c']],
    ['an unknown table', 'x = 1979-05-27', 'x = 1979-05-28', ['a', 'b', 'c']],
    [
      'an unknown key of the workspace',
      '[workspace.metadata.tool]\nkey = 1',
      '[workspace.metadata.tool]\nkey = 2',
      ['a', 'b', 'c'],
    ],
    ['the order and layout of members', 'members = ["a", "b", "c"]', 'members = [\n  "c", # last\n  "b",\n  "a",\n]', []],
    ['default-members and exclude', 'resolver = "2"', 'resolver = "2"\ndefault-members = ["a"]\nexclude = ["zzz"]', []],
    ['a comment', '[workspace.package]', '# why\n[workspace.package]', []],
    ['the order of keys', '{ version = "1", features = ["derive"] }', '{ features = ["derive"], version = "1" }', []],
  ])('moves for %s', (_, from, to, expected) => {
    expect(moved(from, to)).toEqual(expected)
  })
})

it("a patch that the lock lists as unused is in nobody's share", () => {
  const unused = '\n[[patch.unused]]\nname = "x"\nversion = "1.0.0"\n'
  const root = ROOT.replace('[patch.crates-io]\n', '[patch.crates-io]\nx = { git = "file:///r" }\n')
  const { projects } = read({ ...MEMBERS, 'Cargo.toml': root, 'Cargo.lock': `${MEMBERS['Cargo.lock']}${unused}` })
  expect(Object.fromEntries(projects.map((project) => [project.root, project.lock?.manifestLines]))).toEqual(shares(ROOT))
})

it('promise-2: a patch belongs to whoever asks for its package and does not find it in the lock', () => {
  const wants = { ...MEMBERS, 'c/Cargo.toml': crate('c', '[dependencies]\nserde = "1"\nrand = "0.10"\n') }
  const patched = (rev: string): Files => ({
    ...wants,
    'Cargo.toml': `${ROOT}\n[patch.crates-io.rand]\ngit = "file:///r"\nrev = "${rev}"\n`.replace('[patch.crates-io]\n', ''),
  })
  const share = (rev: string, root: string): unknown => projectAt(read(patched(rev)), root).lock?.manifestLines
  expect(['a', 'b', 'c'].filter((root) => JSON.stringify(share('1', root)) !== JSON.stringify(share('2', root)))).toEqual([
    'b',
    'c',
  ])
  expect(projectAt(read(patched('1')), 'c').lock?.complete).toBe(false)
  expect(projectAt(read(patched('1')), 'b').lock?.complete).toBe(true)
})

describe('a root manifest with a package', () => {
  const files = (root: string): Files => ({
    'Cargo.toml': root,
    'a/Cargo.toml': crate('a', '[dependencies]\nrooted = { path = ".." }\n'),
    'b/Cargo.toml': crate('b'),
    'Cargo.lock': lock('rooted 0.1.0', 'a 0.1.0: rooted', 'b 0.1.0'),
  })
  const root = crate('rooted', '[workspace]\nmembers = ["a", "b"]\n[features]\nx = []\n[dev-dependencies]\n')
  const share = (text: string, directory: string): readonly string[] =>
    projectAt(read(files(text)), directory).lock?.manifestLines ?? []

  it('gives its package tables to whoever reaches the root package only', () => {
    const changed = root.replace('x = []', 'x = []\ny = []')
    expect(share(changed, 'a')).not.toEqual(share(root, 'a'))
    expect(share(changed, 'b')).toEqual(share(root, 'b'))
  })

  it('has no share of its own: the file lies in its directory', () => {
    expect(projectAt(read(files(root)), '.').lock).toMatchObject({
      file: 'Cargo.lock',
      rootManifest: undefined,
      manifestLines: [],
    })
  })

  it('decides the resolver of all members by its edition', () => {
    expect(share(root, 'b')).toEqual(['resolver = "2"'])
    expect(share(root.replace('2021', '2024'), 'b')).toEqual(['resolver = "3"'])
    expect(share(root.replace('2021', '2018'), 'b')).toEqual(['resolver = "1"'])
  })
})
