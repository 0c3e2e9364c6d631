import { describe, expect, it } from 'vitest'
import { crate, failure, lock, projectAt, read } from '../testing/small.ts'

const LIBRARY = { 'a/Cargo.toml': crate('a') }
const BINARY = { ...LIBRARY, 'a/src/lib.rs': '', 'a/src/main.rs': '', 'a/src/bin/two.rs': '', 'a/src/bin/three/main.rs': '' }

describe('targets', () => {
  it('are format, lint, typecheck, test, coverage and api-docs for a library', () => {
    expect(Object.keys(projectAt(read(LIBRARY), 'a').targets)).toEqual([
      'api-docs',
      'coverage',
      'format',
      'lint',
      'test',
      'typecheck',
    ])
  })

  it('name the binaries that the build leaves in the shared target directory', () => {
    const project = projectAt(read(BINARY), 'a')
    expect(project).toMatchObject({ kind: 'application', tags: ['lang:rust', 'type:application'] })
    expect(project.targets['build']).toEqual({
      description: 'Builds the release binaries into dist/',
      command: ['cargo', 'build', '-p', 'a', '--release'],
      cwd: 'a',
      env: {},
      tests: undefined,
      reads: 'dependencies',
      outputs: ['a', 'a.exe', 'three', 'three.exe', 'two', 'two.exe'].map((name) => `{workspaceRoot}/dist/{projectName}/${name}`),
      cache: true,
      dependsOn: [],
      artifacts: { kind: 'cargo-binaries', names: ['a', 'three', 'two'] },
    })
  })

  it('follow [[bin]]: names, paths, features that are off, and autobins', () => {
    const bins = '[[bin]]\nname = "tool"\npath = "src/main.rs"\n[[bin]]\nname = "two"\nrequired-features = ["x"]\n'
    const names = (rest: string): readonly string[] =>
      projectAt(read({ ...BINARY, 'a/Cargo.toml': crate('a', rest) }), 'a').targets['build']?.artifacts?.names ?? []
    expect(names(bins)).toEqual(['three', 'tool'])
    expect(names(`autobins = false\n${bins}`)).toEqual(['tool'])
  })

  it('are not built for a Python extension module', () => {
    const text = crate('a', '[lib]\ncrate-type = ["cdylib"]\n')
    expect(projectAt(read({ 'a/Cargo.toml': text, 'a/src/lib.rs': '' }), 'a').targets).not.toHaveProperty('build')
  })

  it('have an uncached bench when the manifest names a benchmark', () => {
    const text = crate('a', '[[bench]]\nname = "x"\nharness = false\n')
    expect(projectAt(read({ 'a/Cargo.toml': text }), 'a').targets['bench']).toMatchObject({
      command: ['cargo', 'bench', '-p', 'a', '--all-features'],
      cache: false,
    })
  })

  it('say that only the crate decides its formatting', () => {
    const { targets } = projectAt(read(LIBRARY), 'a')
    expect([targets['format']?.reads, targets['test']?.reads]).toEqual(['project', 'dependencies'])
  })

  it('run nextest on request, with the examples of the documentation before', () => {
    const { targets } = projectAt(read(BINARY, { cargoTestRunner: 'nextest' }), 'a')
    expect(targets['test']).toMatchObject({
      command: ['cargo', 'nextest', 'run', '-p', 'a', '--all-features'],
      tests: { runner: 'nextest', allowNoTests: false },
      dependsOn: ['doctest'],
    })
    expect(targets['doctest']?.command).toEqual(['cargo', 'test', '-p', 'a', '--doc', '--all-features'])
  })

  it('measure coverage into dist/, with the test runner that is chosen, by tools that are looked for when it runs', () => {
    const files = { 'w/x/Cargo.toml': crate('a') }
    const at = (cargoTestRunner: 'cargo' | 'nextest'): unknown =>
      projectAt(read(files, { cargoTestRunner }), 'w/x').targets['coverage']
    const report = 'dist/{projectName}/coverage{language}/lcov.info'
    const rest = ['-p', 'a', '--all-features', '--lcov', '--output-path', `../../${report}`]
    expect(at('cargo')).toMatchObject({
      command: ['cargo', 'llvm-cov', ...rest],
      cwd: 'w/x',
      tests: { runner: 'cargo', allowNoTests: false, report, llvmTools: true },
      reads: 'dependencies',
      outputs: ['{workspaceRoot}/dist/{projectName}/coverage{language}'],
    })
    expect(at('nextest')).toMatchObject({ command: ['cargo', 'llvm-cov', 'nextest', ...rest] })
  })

  it('measure no coverage where there may be no test, unless the manifest says how much', () => {
    const measures = (...lines: string[]): boolean => {
      const text = crate('a', ['[package.metadata.interlock]', ...lines, ''].join('\n'))
      return projectAt(read({ 'a/Cargo.toml': text }), 'a').targets['coverage'] !== undefined
    }
    expect(measures()).toBe(true)
    expect(measures('allow-no-tests = true')).toBe(false)
    expect(measures('allow-no-tests = true', 'minimum-coverage = 85')).toBe(true)
  })

  it('ask for the coverage that the manifest names', () => {
    const at = (value: string): unknown =>
      projectAt(read({ 'a/Cargo.toml': crate('a', `[package.metadata.interlock]\nminimum-coverage = ${value}\n`) }), 'a').targets[
        'coverage'
      ]?.tests
    expect(at('85')).toMatchObject({ minimumCoverage: 85 })
    const refused = (value: string): string =>
      failure({ 'a/Cargo.toml': crate('a', `[package.metadata.interlock]\nminimum-coverage = ${value}\n`) })
    for (const value of ['101', '-1', 'nan', '"85"'])
      expect(refused(value)).toMatch(/`package\.metadata\.interlock\.minimum-coverage` must be a number from 0 to 100/)
  })

  it('have no doctest without a library: cargo would refuse', () => {
    const { 'a/src/lib.rs': _, ...rest } = BINARY
    expect(projectAt(read(rest, { cargoTestRunner: 'nextest' }), 'a').targets).not.toHaveProperty('doctest')
  })

  it('are renamed and left out as the options say, in dependsOn too', () => {
    const { targets } = projectAt(
      read(LIBRARY, { cargoTestRunner: 'nextest', targets: { doctest: 'examples', lint: false } }),
      'a',
    )
    expect(Object.keys(targets)).toEqual(['api-docs', 'coverage', 'examples', 'format', 'test', 'typecheck'])
    expect(targets['test']?.dependsOn).toEqual(['examples'])
  })

  it('allow an empty test run by manifest, name or root', () => {
    const allowed = (text: string, allowNoTests: string[]): boolean | undefined =>
      projectAt(read({ 'x/a/Cargo.toml': text }, { allowNoTests }), 'x/a').targets['test']?.tests?.allowNoTests
    expect(allowed(crate('a'), [])).toBe(false)
    expect(allowed(crate('a'), ['a'])).toBe(true)
    expect(allowed(crate('a'), ['x/a'])).toBe(true)
    expect(allowed(crate('a', '[package.metadata.interlock]\nallow-no-tests = true\n'), [])).toBe(true)
  })

  it('take features and tags from the manifest', () => {
    const text = (features: string): string =>
      crate('a', `[package.metadata.interlock]\nfeatures = ${features}\ntags = ["scope:x"]\n`)
    const at = (features: string): readonly string[] =>
      projectAt(read({ 'a/Cargo.toml': text(features) }), 'a').targets['test']?.command ?? []
    expect(at('["std", "dep/x"]')).toEqual(['cargo', 'test', '-p', 'a', '--features', 'std,dep/x'])
    expect(at('[]')).toEqual(['cargo', 'test', '-p', 'a'])
    expect(projectAt(read({ 'a/Cargo.toml': text('[]') }), 'a').tags).toEqual(['lang:rust', 'scope:x', 'type:library'])
    expect(failure({ 'a/Cargo.toml': text('["$(x)"]') })).toMatch(
      /^GRAPH_NAME_UNSAFE: a\/Cargo\.toml: .*"\$\(x\)", which is no feature name/,
    )
  })

  it('tell a crate from a registry package of the same name by its version', () => {
    const files = { 'a/Cargo.toml': crate('a', '[dependencies]\nold = { package = "a", version = "0.0.1" }\n') }
    const { targets } = projectAt(read({ ...files, 'a/Cargo.lock': lock('a 0.1.0: a 0.0.1', 'a 0.0.1 registry') }), 'a')
    expect(targets['test']?.command).toEqual(['cargo', 'test', '-p', 'a@0.1.0', '--all-features'])
    expect(targets['format']?.command).toEqual(['cargo', 'fmt', '--check', '-p', 'a'])
  })

  it('run in the directory of the workspace', () => {
    const files = { 'w x/Cargo.toml': '[workspace]\nmembers = ["a"]\n', 'w x/a/Cargo.toml': crate('a') }
    expect(projectAt(read(files), 'w x/a').targets['lint']?.cwd).toBe('w x')
  })
})
