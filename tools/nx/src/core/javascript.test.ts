import type { WorkspaceFiles } from '@interlock/kit'
import { describe, expect, it } from 'vitest'
import { packageTargets, type ToolFacts, widenTargets } from './javascript.ts'
import type { JavaScriptProject, Target } from './model.ts'
import { javascriptProjects, npmFacts } from './packages.ts'

function listed(texts: Readonly<Record<string, unknown>>): WorkspaceFiles {
  return {
    paths: Object.keys(texts).sort(),
    read: (path) => (typeof texts[path] === 'string' ? texts[path] : JSON.stringify(texts[path])),
    digest: (path) => path,
  }
}

const project: JavaScriptProject = {
  kind: 'package',
  root: 'tools/kit',
  name: '@x/kit',
  manifest: 'tools/kit/package.json',
  dependencies: [],
  implicitDependencies: [],
  namesProjects: false,
  targets: {},
  tags: [],
}

const tools: ToolFacts = { rootPackages: [], rootFiles: [], allowNoTests: [], targets: {} }

const NONE: ReadonlySet<string> = new Set()

const vitest = {
  command: 'vitest run',
  options: { cwd: 'tools/kit' },
  cache: true,
  inputs: ['default', '^production', { externalDependencies: ['vitest'] }, { env: 'CI' }],
  outputs: ['{projectRoot}/coverage'],
} as unknown as Target

describe('a package of the npm workspace', () => {
  it('runs its tests in our executor, which counts them', () => {
    const targets = packageTargets(project, {}, { inferred: { test: vitest }, tools, others: NONE })
    expect(targets['test']).toMatchObject({
      executor: '@interlock/nx:test',
      options: { command: ['vitest', 'run'], cwd: 'tools/kit', runner: 'vitest', allowNoTests: false },
      outputs: [],
    })
    expect(targets['test']).not.toHaveProperty('command')
  })

  it('may run no test only where that is allowed by name or directory', () => {
    for (const name of ['@x/kit', 'tools/kit']) {
      const targets = packageTargets(
        project,
        {},
        { inferred: { test: vitest }, tools: { ...tools, allowNoTests: [name] }, others: NONE },
      )
      expect(targets['test']?.options?.['allowNoTests']).toBe(true)
    }
  })

  it('measures coverage where the workspace has the tool for it', () => {
    const withTool = { ...tools, rootPackages: ['@vitest/coverage-v8'] }
    const targets = packageTargets(project, {}, { inferred: { test: vitest }, tools: withTool, others: NONE })
    const words = '--coverage --coverage.reporter=text-summary --coverage.reporter=lcovonly'.split(' ')
    const measured = {
      command: ['vitest', 'run', ...words, '--coverage.reportsDirectory=../../dist/{projectName}/coverage'],
      report: 'dist/{projectName}/coverage/lcov.info',
    }
    expect(targets['coverage']).toMatchObject({
      options: { ...measured, cwd: 'tools/kit', runner: 'vitest' },
      outputs: ['{workspaceRoot}/dist/{projectName}/coverage'],
    })
    expect(targets['test']).toMatchObject({
      options: { command: ['vitest', 'run'] },
      configurations: { coverage: measured },
      outputs: ['{options.report}'],
    })
    const off = packageTargets(
      project,
      {},
      { inferred: { test: vitest }, tools: { ...withTool, targets: { coverage: false } }, others: NONE },
    )
    expect(off).toEqual({ test: expect.not.objectContaining({ configurations: expect.anything() as unknown }) as unknown })
  })

  it('is formatted and linted at the root where the tools are there', () => {
    const at = { ...tools, rootPackages: ['oxfmt', 'oxlint', 'oxlint-tsgolint'], rootFiles: ['.oxlintrc.json'] }
    const targets = packageTargets(project, {}, { inferred: {}, tools: at, others: NONE })
    expect(targets['format']?.options).toEqual({ command: 'oxfmt --check tools/kit', cwd: '.' })
    expect(targets['lint']?.options).toEqual({ command: 'oxlint --type-aware --deny-warnings tools/kit', cwd: '.' })
    expect(Object.keys(packageTargets({ ...project, root: 'a b' }, {}, { inferred: {}, tools: at, others: NONE }))).toEqual([])
  })

  it('has no target that stops a local run for a sync, and none that only watches', () => {
    const typecheck = { command: 'tsc --build', options: { cwd: 'tools/kit' }, syncGenerators: ['x'] } as unknown as Target
    const targets = packageTargets(
      project,
      {},
      { inferred: { typecheck, 'watch-deps': typecheck, 'build-deps': typecheck }, tools, others: NONE },
    )
    expect(targets).toEqual({ typecheck: { executor: 'nx:run-commands', options: { cwd: 'tools/kit', command: 'tsc --build' } } })
  })

  it('keeps its scripts as Nx runs them, so that they get our inputs, and caches only those that look', () => {
    const targets = packageTargets(
      project,
      { scripts: { build: 'x', lint: 'x', deploy: 'x' } },
      { inferred: {}, tools, others: NONE },
    )
    expect(targets).toEqual({
      build: { executor: 'nx:run-script', options: { script: 'build' } },
      lint: { executor: 'nx:run-script', options: { script: 'lint' }, cache: true, outputs: [] },
    })
  })

  it('promise-1: makes a target of every script whose name another language has in the directory', () => {
    const others = new Set(['unit', 'test-py3.9'])
    const some = { scripts: { unit: 'x', 'test-py3.9': 'x', deploy: 'x' } }
    expect(Object.keys(packageTargets(project, some, { inferred: {}, tools, others }))).toEqual(['unit', 'test-py3.9'])
  })

  it('promise-1: cannot have a script that Nx would put in the place of another language’s target', () => {
    const some = { scripts: { 'test-rust': 'x' } }
    expect(() => packageTargets(project, some, { inferred: {}, tools, others: new Set(['test']) })).toThrow(
      expect.objectContaining({ code: 'GRAPH_NAME_DUPLICATE', file: project.manifest }),
    )
    expect(packageTargets(project, some, { inferred: {}, tools, others: NONE })).toEqual({})
  })

  it('makes targets of no other scripts than Nx does', () => {
    const some = { scripts: { build: 'x', test: 'x' }, nx: { includedScripts: ['build'] } }
    expect(Object.keys(packageTargets(project, some, { inferred: {}, tools, others: NONE }))).toEqual(['build'])
  })

  it('has its targets renamed or left out as the plugin is told', () => {
    const told = { ...tools, targets: { test: 'unit', typecheck: false as const } }
    const targets = packageTargets(project, {}, { inferred: { test: vitest, typecheck: vitest }, tools: told, others: NONE })
    expect(Object.keys(targets)).toEqual(['unit'])
  })

  it('that is a VitePress site is built into dist', () => {
    const targets = packageTargets(
      { ...project, root: 'apps/docs' },
      { devDependencies: { vitepress: '1' } },
      { inferred: {}, tools, others: NONE },
    )
    expect(targets['build']).toMatchObject({
      options: { command: 'vitepress build apps/docs --outDir dist/apps/docs' },
      outputs: ['{workspaceRoot}/dist/apps/docs'],
    })
  })

  it('has wide inputs, and keeps what Nx adds besides file patterns', () => {
    const inputs = {
      files: [],
      withoutOwn: [],
      always: [{ runtime: 'x' }],
      dependencies: [{ input: 'default', projects: ['y'] }],
    }
    const widened = widenTargets({ test: vitest, format: { executor: 'x', reads: 'project' } }, { inputs, filesInput: 'w' })
    expect(widened['test']?.inputs).toEqual([
      'default',
      '^default',
      'w',
      { runtime: 'x' },
      { input: 'default', projects: ['y'] },
      { env: 'CI' },
    ])
    expect(widened['format']).toEqual({ executor: 'x', inputs: ['default', 'w', { runtime: 'x' }] })
  })
})

describe('the packages of a workspace', () => {
  it('are those that Nx takes for members, and the directories with a project.json', () => {
    const files = listed({
      'package.json': { name: 'root' },
      'tools/a/package.json': {
        name: 'a',
        dependencies: { z: '1' },
        devDependencies: { vitepress: '1' },
        nx: { implicitDependencies: ['he'] },
      },
      'other/package.json': { name: 'other' },
      'infra/project.json': { name: 'infra' },
      'libs/x/project.json': {},
    })
    const found = javascriptProjects(files, (path) => path.startsWith('tools/'))
    expect(found.map(({ root, kind, name }) => [root, kind, name])).toEqual([
      ['infra', 'configured', 'infra'],
      ['libs/x', 'configured', undefined],
      ['tools/a', 'package', 'a'],
    ])
    expect(found[2]).toMatchObject({
      dependencies: ['vitepress', 'z'],
      implicitDependencies: ['he'],
      namesProjects: false,
      tags: ['lang:docs', 'type:docs'],
    })
  })

  it('that cannot be read are an error with its place', () => {
    const files = listed({ 'tools/a/package.json': '{' })
    expect(() => javascriptProjects(files, () => true)).toThrow(/^CONFIG_INVALID: tools\/a\/package\.json: not valid JSON/)
    expect(() => javascriptProjects(listed({ 'a/project.json': '[]' }), () => true)).toThrow(/the document is not an object/)
  })

  it('give the npm packages that are nodes in the graph of Nx', () => {
    const root = { devDependencies: { nx: '24', linked: 'file:x', lost: '1' } }
    const lock = { packages: { 'node_modules/nx': { version: '24' }, 'node_modules/linked': { link: true } } }
    expect(npmFacts(listed({ 'package.json': root, 'package-lock.json': lock }))).toEqual({
      lock: 'package-lock.json',
      packages: new Set(['nx']),
      named: ['linked', 'lost', 'nx'],
    })
    expect(npmFacts(listed({ 'package.json': root, 'yarn.lock': '' })).packages).toEqual(new Set(['lost', 'nx']))
    expect(npmFacts(listed({ 'package.json': root })).packages).toEqual(new Set())
  })
})
