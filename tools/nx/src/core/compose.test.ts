import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cargo, compose, python } from '../testing/composed.ts'
import { readerProject, readerResult, targetPlan } from '../testing/readers.ts'
import { selectedBy } from '../testing/selection.ts'
import type { JavaScriptProject } from './model.ts'

describe('a site', () => {
  it('carries the locks of what it documents', () => {
    const site: JavaScriptProject = {
      kind: 'package',
      root: 'docs',
      name: '@x/docs',
      manifest: 'docs/package.json',
      dependencies: [],
      implicitDependencies: ['p*', '!pa'],
      namesProjects: false,
      targets: { build: { executor: 'nx:run-commands' } },
      tags: ['lang:docs'],
    }
    const graph = compose({ javascript: [site] })
    const docs = graph.projects.find(({ root }) => root === 'docs')
    expect(docs?.targets['build']?.inputs).toContainEqual({
      json: '{workspaceRoot}/closures.json',
      fields: ['crates/a', 'py/pw'],
    })
    expect(graph.edges.filter(({ source }) => source === 'docs')).toEqual([])
    expect(selectedBy(graph, 'notes/x.md')).toEqual(['docs:build'])
  })
})

describe('every target', () => {
  const targets = compose().projects.flatMap((project) => Object.values(project.targets).map((target) => ({ project, target })))

  it('knows nx, its toolchain and its slice', () => {
    for (const { project, target } of targets) {
      const text = JSON.stringify(target.inputs)
      expect(text).toContain('{"externalDependencies":["nx"]}')
      expect(text).toContain(`identity.mjs ${project.root.startsWith('py') ? 'python' : 'rust'} ~2e`)
      expect(text).toContain(`"fields":[`)
    }
  })

  it('has no negation outside the one named input', () => {
    for (const { target } of targets) {
      for (const input of target.inputs ?? []) expect(JSON.stringify(input)).not.toContain('!')
    }
  })

  it('leaves out exactly these files', () => {
    expect(compose().projects.find(({ root }) => root === 'crates/a')?.namedInputs).toMatchInlineSnapshot(`
      {
        "workspace-rust": [
          "{workspaceRoot}/**/*",
          "!{workspaceRoot}/**/*.md",
          "!{workspaceRoot}/**/bun.lock",
          "!{workspaceRoot}/**/package-lock.json",
          "!{workspaceRoot}/**/package.json",
          "!{workspaceRoot}/**/pnpm-lock.yaml",
          "!{workspaceRoot}/**/pnpm-workspace.yaml",
          "!{workspaceRoot}/**/pyproject.toml",
          "!{workspaceRoot}/**/tsconfig*.json",
          "!{workspaceRoot}/**/uv.lock",
          "!{workspaceRoot}/**/yarn.lock",
          "!{workspaceRoot}/.github/**/*",
          "!{workspaceRoot}/.idea/**/*",
          "!{workspaceRoot}/.npmrc",
          "!{workspaceRoot}/.oxfmtrc.json",
          "!{workspaceRoot}/.oxlintrc.json",
          "!{workspaceRoot}/.python-version",
          "!{workspaceRoot}/.vscode/**/*",
          "!{workspaceRoot}/Cargo.lock",
          "!{workspaceRoot}/Cargo.toml",
          "!{workspaceRoot}/closures.json",
          "!{workspaceRoot}/crates/a/**/*",
          "!{workspaceRoot}/crates/b/**/*",
          "!{workspaceRoot}/crates/c/**/*",
          "!{workspaceRoot}/crates/d/**/*",
          "!{workspaceRoot}/py/pa/**/*",
          "!{workspaceRoot}/py/pw/**/*",
          "!{workspaceRoot}/pyproject.toml",
          "!{workspaceRoot}/uv.lock",
          "!{workspaceRoot}/vitest.*.ts",
        ],
      }
    `)
  })

  it('has no other command in a shell than safe words', () => {
    const commands = [
      ['cargo', 'test', '-p', 'a'],
      ['cargo', 'test', '$(id)'],
      ['pytest', 'a b'],
      ['echo', "it's"],
      ['x', ''],
    ]
    const graph = compose({}, [
      readerResult('cargo', [
        readerProject('a', {
          targets: Object.fromEntries(commands.map((command, index) => [`t${index}`, targetPlan({ command })])),
        }),
      ]),
    ])
    const executors = Object.values(graph.projects[0]?.targets ?? {}).map((target) => target.executor)
    expect(executors).toEqual(['nx:run-commands', ...Array.from({ length: 4 }, () => '@interlock/nx:exec')])
  })
})

it('a declaration that hides what the graph stands on is refused', () => {
  for (const glob of ['**', '*.json', 'Cargo.*', 'uv.lock', 'crates/**', 'interlock.yaml']) {
    expect(() => compose({ irrelevant: [glob] })).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }))
  }
})

it('the plugin is an input of every target where this workspace is its home, without its tests', () => {
  const script = (name: string, dependencies: readonly string[] = []): JavaScriptProject => ({
    kind: 'package',
    root: `tools/${name}`,
    name: `@interlock/${name}`,
    manifest: `tools/${name}/package.json`,
    dependencies,
    implicitDependencies: [],
    namesProjects: false,
    targets: {},
    tags: [],
  })
  const graph = compose({ javascript: [script('nx', ['@interlock/kit']), script('kit'), script('other', ['@interlock/kit'])] })
  for (const project of graph.projects) {
    for (const target of Object.values(project.targets)) {
      expect(target.inputs).toContainEqual({ input: 'plugin', projects: ['@interlock/kit', '@interlock/nx'] })
    }
  }
  expect(graph.projects.filter(({ namedInputs }) => 'plugin' in namedInputs).map(({ root }) => root)).toEqual([
    'tools/kit',
    'tools/nx',
  ])
})

it('the graph does not depend on the order of the readers or their projects', () => {
  const projects = fc.shuffledSubarray([...cargo.projects], { minLength: cargo.projects.length })
  fc.assert(
    fc.property(projects, (shuffled) => {
      expect(compose({}, [python, { ...cargo, projects: shuffled }])).toEqual(compose())
    }),
    { numRuns: 20 },
  )
})
