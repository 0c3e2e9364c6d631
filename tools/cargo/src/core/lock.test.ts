import { describe, expect, it } from 'vitest'
import { crate, lock, projectAt, read } from '../testing/small.ts'

const MANIFEST = crate('a', '[dependencies]\nx = "1"\n')
const packages = (text: string): readonly string[] =>
  projectAt(read({ 'a/Cargo.toml': MANIFEST, 'a/Cargo.lock': text }), 'a').lock?.packages ?? []

const entry = (source: string, checksum = ''): string =>
  `[[package]]\nname = "a"\nversion = "0.1.0"\ndependencies = ["x"]\n[[package]]\nname = "x"\nversion = "1.0.0"\nsource = "${source}"\n${checksum}`

describe('lock formats', () => {
  it.each(['', 'version = 3\n', 'version = 4\n'])('reads the format with %j', (version) => {
    expect(packages(version + entry('registry+index', 'checksum = "c0"\n'))).toEqual(['x 1.0.0 registry c0'])
  })

  it('reads format 1, with its root, its full references and its checksums apart', () => {
    const text = `[root]
name = "a"
version = "0.1.0"
dependencies = ["x 1.0.0 (registry+index)"]
[[package]]
name = "x"
version = "1.0.0"
source = "registry+index"
[metadata]
"checksum x 1.0.0 (registry+index)" = "c1"
`
    expect(packages(text)).toEqual(['x 1.0.0 registry c1'])
  })

  it('leaves the address of a registry out, and keeps the revision of git', () => {
    const checksum = 'checksum = "c0"\n'
    expect(packages(entry('sparse+mirror', checksum))).toEqual(packages(entry('registry+index', checksum)))
    expect(packages(entry('git+file:///r?branch=main#abc123'))).toEqual(['x 1.0.0 git "abc123"'])
  })

  it('keeps the source when no checksum fixes the content', () => {
    expect(packages(entry('registry+one'))).not.toEqual(packages(entry('registry+two')))
  })

  it('does not move for a package that nothing reaches, nor for [[patch.unused]]', () => {
    const text = lock('a 0.1.0: x', 'x 1.0.0 registry')
    expect(
      packages(`${text}\n[[package]]\nname = "y"\nversion = "1.0.0"\n[[patch.unused]]\nname = "z"\nversion = "1.0.0"\n`),
    ).toEqual(packages(text))
  })

  it('follows a replaced package into the repository', () => {
    const files = {
      'a/Cargo.toml': `${MANIFEST}[replace]\n"x:1.0.0" = { path = "../x" }\n`,
      'a/Cargo.lock':
        '[[package]]\nname = "a"\nversion = "0.1.0"\ndependencies = ["x 1.0.0 (registry+i)"]\n[[package]]\nname = "x"\nversion = "1.0.0"\nsource = "registry+i"\nreplace = "x 1.0.0"\n[[package]]\nname = "x"\nversion = "1.0.0"\n',
      'x/Cargo.toml': '[package]\nname = "x"\nversion = "1.0.0"\n',
    }
    expect(projectAt(read(files), 'a').dependencies).toEqual([{ root: 'x', ecosystem: 'cargo', kind: 'normal' }])
  })
})

describe('externals', () => {
  it('have versions, checksums and what they need; the manifest names its own', () => {
    const result = read({
      'a/Cargo.toml': MANIFEST,
      'a/Cargo.lock': lock('a 0.1.0: x', 'x 1.0.0 registry: y', 'y 2.0.0 registry'),
    })
    expect(result.externals).toEqual([
      { key: 'cargo:x@1.0.0', name: 'x', version: '1.0.0', checksum: 'x-1.0.0', dependencies: ['cargo:y@2.0.0'] },
      { key: 'cargo:y@2.0.0', name: 'y', version: '2.0.0', checksum: 'y-2.0.0', dependencies: [] },
    ])
    expect(projectAt(result, 'a').externals).toEqual(['cargo:x@1.0.0'])
  })

  it('of several locks are one node with all that it needs', () => {
    const files = {
      'a/Cargo.toml': MANIFEST,
      'a/Cargo.lock': lock('a 0.1.0: x', 'x 1.0.0 registry: y', 'y 2.0.0 registry'),
      'b/Cargo.toml': crate('b', '[dependencies]\nx = "1"\n'),
      'b/Cargo.lock': lock('b 0.1.0: x', 'x 1.0.0 registry: z', 'z 2.0.0 registry'),
    }
    expect(read(files).externals[0]).toMatchObject({ key: 'cargo:x@1.0.0', dependencies: ['cargo:y@2.0.0', 'cargo:z@2.0.0'] })
  })
})
