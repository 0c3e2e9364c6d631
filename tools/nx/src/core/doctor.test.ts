import { describe, expect, test } from 'vitest'
import { diagnose, type DoctorFacts, type ProjectFacts, renderFindings, type TargetFacts } from './doctor.ts'
import { programsOf } from './doctor-targets.ts'

const healthy: DoctorFacts = {
  nxVersion: '24.0.6',
  nxJson: {
    plugins: ['@interlock/nx/plugin'],
    cacheDirectory: '.nx/cache',
    sync: { globalGenerators: ['@interlock/nx:closures'] },
  },
  env: {},
  projects: [],
  graphProblem: undefined,
  closures: { state: 'read', table: {} },
  stale: [],
  slicesProblem: undefined,
  hasLocks: true,
  closuresIgnoredBy: undefined,
  irrelevant: [],
  trackedFiles: ['Makefile', 'docs/a.md'],
  ignoredTracked: [],
  reads: [],
  hiddenManifests: [],
  missingPrograms: {},
  platformPackages: ['@nx/nx-linux-x64-gnu', '@nx/nx-darwin-arm64'],
  lockedPlatformPackages: ['@nx/nx-linux-x64-gnu', '@nx/nx-darwin-arm64', 'nx'],
  shallow: false,
  submodules: [],
}

const RUNTIME = { runtime: 'identity rust' }

function found(facts: Partial<DoctorFacts>): string[] {
  return diagnose({ ...healthy, ...facts }).map(({ severity, rule }) => `${severity} ${rule}`)
}

function project(name: string, targets: Readonly<Record<string, TargetFacts>>, given: Partial<ProjectFacts> = {}): ProjectFacts {
  return { name, root: `libs/${name}`, tags: ['lang:rust'], targets, namedInputs: {}, dependencies: [], ...given }
}

const cargoTest: TargetFacts = {
  executor: '@interlock/nx:test',
  cache: true,
  options: { command: ['cargo', 'test'] },
  inputs: [RUNTIME],
}

test('a healthy workspace has no findings', () => {
  expect(found({ projects: [project('he', { test: cargoTest })] })).toEqual([])
  expect(renderFindings([])).toBe('nothing found: 0 errors, 0 warnings, 0 notes')
})

describe('the workspace', () => {
  test.each<[string, string, Partial<DoctorFacts>]>([
    ['an Nx that is too old', 'error nx-version', { nxVersion: '23.3.1' }],
    ['a graph that cannot be built', 'error graph', { projects: undefined, graphProblem: 'NX_FAILED: Cargo.toml' }],
    [
      'project-grained affected by nx.json',
      'error legacy-affected',
      { nxJson: { ...healthy.nxJson, affected: { legacy: true } } },
    ],
    ['project-grained affected by the environment', 'error legacy-affected', { env: { NX_LEGACY_AFFECTED: 'true' } }],
    ['a plugin that is not registered', 'error plugin', { nxJson: { ...healthy.nxJson, plugins: [] } }],
    ['a sync generator that is not registered', 'warning sync-generator', { nxJson: { ...healthy.nxJson, sync: {} } }],
    ["Nx's own default cache directory", 'error cache-directory', { nxJson: { ...healthy.nxJson, cacheDirectory: undefined } }],
    [
      'a cache directory outside the clone',
      'error cache-directory',
      { nxJson: { ...healthy.nxJson, cacheDirectory: '../cache' } },
    ],
    ['a cache directory from the environment', 'warning cache-directory', { env: { NX_CACHE_DIRECTORY: '/tmp/job-1' } }],
    ['an ignored closures.json', 'error closures-ignored', { closuresIgnoredBy: '.nxignore:1:closures.json' }],
    ['a damaged closures.json', 'error closures-damaged', { closures: { state: 'damaged', reason: 'a duplicate key' } }],
    ['an absent closures.json', 'warning closures-absent', { closures: { state: 'absent' } }],
    ['stale closures', 'error closures-stale', { stale: [{ root: 'libs/he' }, { root: 'libs/*' }] }],
    ['locks that cannot be read', 'error slices', { stale: undefined, slicesProblem: 'CARGO_LOCK_UNREADABLE: Cargo.lock' }],
    ['a harmless glob that matches files', 'note irrelevant', { irrelevant: ['docs/**'] }],
    ['a harmless glob that matches nothing', 'warning irrelevant', { irrelevant: ['nowhere/**'] }],
    ['a tracked file that is ignored', 'error ignored-tracked', { ignoredTracked: ['dist/f.json'] }],
    ['a manifest that is left out', 'note hidden-manifests', { hiddenManifests: ['template/Cargo.toml'] }],
    ['a platform that the lock lacks', 'error platform-entries', { lockedPlatformPackages: ['@nx/nx-linux-x64-gnu'] }],
    ['a shallow clone', 'warning shallow-clone', { shallow: true }],
    ['a submodule', 'warning submodules', { submodules: ['vendor/x'] }],
    ['a missing tool', 'warning missing-tool', { missingPrograms: { uv: ['client:test'] } }],
  ])('finds %s', (_, finding, facts) => {
    expect(found(facts)).toEqual([finding])
  })

  test('a workspace without locks needs no closures, and one without an npm lock no platforms', () => {
    expect(found({ closures: { state: 'absent' }, hasLocks: false, lockedPlatformPackages: undefined })).toEqual([])
  })

  test('a harmless glob is printed with the files that it matches', () => {
    expect(renderFindings(diagnose({ ...healthy, irrelevant: ['docs/**'] }))).toMatchInlineSnapshot(`
      "note: graph.irrelevant "docs/**": a change of these 1 files runs nothing [irrelevant]
        docs/a.md
        fix: remove the glob from interlock.yaml if any task reads one of them

      0 errors, 0 warnings, 1 notes"
    `)
  })

  test('the worst comes first, and long evidence is cut in prose only', () => {
    const submodules = Array.from({ length: 12 }, (_, index) => `vendor/${index}`)
    const findings = diagnose({ ...healthy, submodules, nxVersion: '23.0.0' })
    expect(findings.map((finding) => finding.severity)).toEqual(['error', 'warning'])
    expect(findings[1]?.evidence).toHaveLength(12)
    expect(renderFindings(findings)).toContain('… and 4 more')
  })
})

describe('targets', () => {
  const withTargets = (targets: Readonly<Record<string, TargetFacts>>, given: Partial<ProjectFacts> = {}): string[] =>
    found({ projects: [project('he', targets, given)] })

  test('an executor of @monodon/rust is an error', () => {
    expect(withTargets({ test: { executor: '@monodon/rust:test' } })).toEqual(['error executor'])
  })

  test('a cached cargo target without a toolchain input is an error', () => {
    expect(withTargets({ test: { ...cargoTest, inputs: ['default'] } })).toEqual(['error toolchain-input'])
    expect(withTargets({ test: { ...cargoTest, inputs: undefined } })).toEqual(['error toolchain-input'])
    expect(withTargets({ test: { ...cargoTest, cache: false, inputs: [] } })).toEqual([])
    expect(withTargets({ test: { executor: 'nx:noop', cache: true } })).toEqual([])
  })

  test('a toolchain input may stand in a named input of the project or of nx.json', () => {
    const target = { ...cargoTest, inputs: ['default', 'rust'] }
    expect(withTargets({ test: target }, { namedInputs: { default: ['rust'], rust: [RUNTIME] } })).toEqual([])
    const nxJson = { ...healthy.nxJson, namedInputs: { rust: ['rust', RUNTIME] } }
    expect(found({ nxJson, projects: [project('he', { test: target })] })).toEqual([])
  })

  test('a shared target directory is an error', () => {
    expect(withTargets({ build: { cache: true, outputs: ['{workspaceRoot}/target'] } })).toEqual(['error shared-target'])
  })

  test('overlapping outputs of two projects are an error, of one project a warning', () => {
    const one = project('one', { build: { cache: true, outputs: ['{workspaceRoot}/dist/one'] } })
    const two = project('two', { build: { cache: true, outputs: ['{workspaceRoot}/dist/one/two'] } })
    const beside = project('three', { build: { cache: true, outputs: ['{workspaceRoot}/dist/one-more'] } })
    expect(found({ projects: [one, two, beside] })).toEqual(['error overlapping-outputs'])
    expect(
      withTargets({ a: { cache: true, outputs: ['{projectRoot}/dist'] }, b: { cache: true, outputs: ['{projectRoot}/dist/'] } }),
    ).toEqual(['warning overlapping-outputs'])
  })

  test("the compiler's state that two tasks of one project share is no overlap, that of two projects is", () => {
    const state = { cache: true, outputs: ['{workspaceRoot}/dist/tsconfig.lib.tsbuildinfo'] }
    expect(withTargets({ build: state, typecheck: state })).toEqual([])
    expect(found({ projects: [project('one', { build: state }), project('two', { build: state })] })).toEqual([
      'error overlapping-outputs',
    ])
  })

  test('outputs that options decide are compared by their value, and left alone without one', () => {
    const output = ['{options.outputPath}']
    const one = project('one', { build: { cache: true, outputs: output, options: { outputPath: 'dist/x' } } })
    const two = project('two', { build: { cache: true, outputs: output, options: { outputPath: 'dist/x' } } })
    const three = project('three', { build: { cache: true, outputs: [...output, '!{projectRoot}/dist'] } })
    expect(found({ projects: [one, two, three] })).toEqual(['error overlapping-outputs'])
    expect(found({ projects: [one, three] })).toEqual([])
  })

  test('per-target sync generators are found in targets and in defaults', () => {
    expect(withTargets({ build: { syncGenerators: ['@nx/js:typescript-sync'] } })).toEqual(['warning sync-generators'])
    const nxJson = { ...healthy.nxJson, targetDefaults: { build: { syncGenerators: ['x'] }, test: {} } }
    expect(found({ nxJson })).toEqual(['warning sync-generators'])
  })
})

test.each<[TargetFacts, string[]]>([
  [{ executor: '@interlock/nx:test', options: { command: ['cargo', 'nextest', 'run'] } }, ['cargo', 'cargo-nextest']],
  [{ executor: 'nx:run-commands', options: { command: 'A=1 cargo fmt --check' } }, ['cargo']],
  [{ executor: 'nx:run-commands', options: { commands: ['tsc -b', 'echo'] } }, ['tsc']],
  [{ executor: 'nx:run-commands', options: { commands: [{ command: 'x' }] } }, []],
  [{ executor: 'nx:noop' }, []],
])('the programs of %j', (target, programs) => {
  expect(programsOf(target)).toEqual(programs)
})
