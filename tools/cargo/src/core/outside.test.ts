import { describe, expect, it } from 'vitest'
import { crate, lock, projectAt, read } from '../testing/small.ts'

const outside = (files: Record<string, string>, root = 'a'): readonly string[] => projectAt(read(files), root).outside

describe('files outside a crate', () => {
  it('are its readme, licence, included files and the code of its targets', () => {
    const text = crate(
      'a',
      'readme = "../README.md"\nlicense-file = "../LICENSE"\ninclude = ["../data/*.bin", "src/**"]\nbuild = "../build/main.rs"\n[lib]\npath = "../code/lib.rs"\n[[bin]]\nname = "b"\npath = "src/b.rs"\n',
    )
    expect(outside({ 'a/Cargo.toml': text })).toEqual(['LICENSE', 'README.md', 'build/**/*', 'code/**/*', 'data/*.bin'])
  })

  it('are the inherited readme and licence, which are relative to the root', () => {
    const root = '[workspace]\nmembers = ["a"]\n[workspace.package]\nreadme = "README.md"\nlicense-file = "../LICENSE"\n'
    const text = '[package]\nname = "a"\nreadme.workspace = true\nlicense-file.workspace = true\n'
    expect(outside({ 'w/Cargo.toml': root, 'w/a/Cargo.toml': text }, 'w/a')).toEqual(['LICENSE', 'w/README.md'])
  })

  it('are the root manifests of other workspaces whose crates it reaches', () => {
    const files = {
      'a/Cargo.toml': crate('a', '[dependencies]\nb = { path = "../w/b" }\n'),
      'w/Cargo.toml': '[workspace]\nmembers = ["b"]\n',
      'w/b/Cargo.toml': crate('b'),
    }
    expect(outside(files)).toEqual(['w/Cargo.toml'])
  })

  it('are patched crates when no lock says who reaches them', () => {
    const files = {
      'a/Cargo.toml': crate('a', '[dependencies]\njson = "1"\n[patch.crates-io]\nitoa = { path = "../itoa" }\n'),
      'itoa/Cargo.toml': crate('itoa', '[dependencies]\nbase = { path = "../base" }\n'),
      'base/Cargo.toml': crate('base'),
    }
    expect(outside(files)).toEqual(['base/**/*', 'itoa/**/*'])
    expect(projectAt(read(files), 'a').lock).toBeUndefined()
  })

  it('are directories of path dependencies that are no projects, in globs that cannot miss them', () => {
    expect(outside({ 'a/Cargo.toml': crate('a', '[dependencies]\nx = { path = "../gen[1]" }\n') })).toEqual(['gen?1?/**/*'])
  })

  it('are `paths` overrides of the Cargo configuration, which leave no trace in the lock', () => {
    const files = { '.cargo/config.toml': 'paths = ["fork"]\n', 'a/Cargo.toml': crate('a'), 'fork/Cargo.toml': crate('fork') }
    expect(outside(files)).toEqual(['fork/**/*'])
    expect(outside(files, 'fork')).toEqual([])
  })
})

describe('vendored source', () => {
  it('is no project, where the configuration names it and where it has a checksum file', () => {
    const files = {
      '.cargo/config.toml': '[source.v]\ndirectory = "third-party"\n',
      'Cargo.toml': crate('a', '[workspace]\n[dependencies]\nx = "1"\n'),
      'Cargo.lock': lock('a 0.1.0: x', 'x 1.0.0 registry'),
      'third-party/x/Cargo.toml': 'not even TOML',
      'vendor/y/Cargo.toml': crate('y'),
      'vendor/y/.cargo-checksum.json': '{}',
    }
    expect(read(files).projects.map(({ root }) => root)).toEqual(['.'])
  })
})

describe('patches', () => {
  it('from the Cargo configuration are found by name and version', () => {
    const files = {
      'a/Cargo.toml': crate('a', '[dependencies]\nx = "1"\n'),
      'a/Cargo.lock': lock('a 0.1.0: x', 'x 1.0.0 registry: y', 'y 0.1.0'),
      'y/Cargo.toml': crate('y'),
    }
    expect(projectAt(read(files), 'a').dependencies).toEqual([{ root: 'y', ecosystem: 'cargo', kind: 'normal' }])
  })
})
