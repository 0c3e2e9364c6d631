import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { CreateDependenciesContext, CreateNodesContext, ProjectConfiguration } from '@nx/devkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { renderClosures } from '../core/closures.ts'
import { closuresOnDisk } from './init-facts.ts'
import { createDependencies, nodesOf } from './nodes.ts'
import { listConfigFiles } from './workspace-files.ts'

const files: Record<string, string> = {
  'nx.json': '{}',
  'package.json': JSON.stringify({ name: 'root', workspaces: ['tools/*'], devDependencies: { nx: '24.0.6' } }),
  'package-lock.json': JSON.stringify({ lockfileVersion: 3, packages: { 'node_modules/nx': { version: '24.0.6' } } }),
  'Cargo.toml': '[workspace]\nresolver = "3"\nmembers = ["crates/*"]\n',
  'Cargo.lock':
    'version = 4\n\n[[package]]\nname = "a"\nversion = "0.1.0"\ndependencies = ["itoa"]\n\n[[package]]\nname = "b"\nversion = "0.1.0"\ndependencies = ["a"]\n\n[[package]]\nname = "itoa"\nversion = "1.0.0"\nsource = "registry+https://registry.invalid/index"\nchecksum = "00"\n',
  'crates/a/Cargo.toml': '[package]\nname = "a"\nversion = "0.1.0"\nedition = "2024"\n[dependencies]\nitoa = "1"\n',
  'crates/a/src/lib.rs': '',
  'crates/b/Cargo.toml': '[package]\nname = "b"\nversion = "0.1.0"\nedition = "2024"\n[dependencies]\na = { path = "../a" }\n',
  'crates/b/src/lib.rs': '',
  'tools/t/package.json': JSON.stringify({ name: 't', exports: { '.': { default: './dist/index.js' } } }),
  'tools/t/tsconfig.json': JSON.stringify({ files: [], references: [{ path: './tsconfig.lib.json' }] }),
  'tools/t/tsconfig.lib.json': JSON.stringify({
    compilerOptions: { composite: true, rootDir: 'src', outDir: 'dist' },
    include: ['src/**/*.ts'],
  }),
  'tools/t/src/index.ts': 'export {}\n',
  'tools/t/vitest.config.ts': 'export default { css: { postcss: {} }, test: {} }\n',
}

const home = process.cwd()
let root: string

beforeAll(() => enter(files))
afterAll(leave)

function enter(given: Readonly<Record<string, string>>): void {
  root = mkdtempSync(join(tmpdir(), 'interlock-nodes-'))
  for (const [path, text] of Object.entries(given)) write(path, text)
  execFileSync('git', ['init', '-q'], { cwd: root })
  // Nx builds its graph in the workspace, and @nx/js relies on that.
  process.chdir(root)
}

function leave(): void {
  process.chdir(home)
  rmSync(root, { recursive: true, force: true })
}

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}

async function build(options?: unknown, listed = listConfigFiles(root)): Promise<Record<string, ProjectConfiguration>> {
  const context: CreateNodesContext = { workspaceRoot: root, nxJsonConfiguration: {} }
  const results = await nodesOf(listed, options, context)
  return Object.fromEntries(
    results.flatMap(([, result]) =>
      Object.entries(result.projects ?? {}).map(([at, project]) => [project.name ?? at, { ...project, root: at }]),
    ),
  )
}

describe('the graph that Nx is given', () => {
  it('has the projects of every language with the targets of each', async () => {
    const projects = await build()
    expect(Object.keys(projects).sort()).toEqual(['a', 'b', 't'])
    expect(projects['a']?.targets?.['test']).toMatchObject({ executor: '@interlock/nx:test', options: { runner: 'cargo' } })
    expect(projects['t']?.targets?.['test']).toMatchObject({ executor: '@interlock/nx:test', options: { runner: 'vitest' } })
    expect(projects['t']?.targets?.['typecheck']).toMatchObject({ executor: 'nx:run-commands' })
    expect(JSON.stringify(projects)).not.toContain('syncGenerators')
  })

  it('has edges between projects, and to external packages that are there', async () => {
    const projects = await build()
    const context = { workspaceRoot: root, projects, nxJsonConfiguration: {} } as unknown as CreateDependenciesContext
    const edges = await createDependencies(undefined, context)
    expect(edges.map(({ source, target }) => `${source} -> ${target}`)).toEqual(['b -> a', 'a -> cargo:itoa@1.0.0'])
  })

  it('is the same object again while nothing has changed, and another after an edit', async () => {
    const before = await build()
    expect((await build())['a']?.targets).toBe(before['a']?.targets)
    write('crates/a/Cargo.toml', `${files['crates/a/Cargo.toml']}\n[package.metadata.x]\ny = 1\n`)
    expect((await build())['a']).toEqual(before['a'])
    write('crates/a/src/lib.rs', '// edited\n')
    expect(Object.keys(await build())).toHaveLength(3)
  })

  it('is an error with its place when a manifest is broken, and is there again after the fix', async () => {
    write('crates/a/Cargo.toml', '[package]\nname = \n')
    await expect(build()).rejects.toThrow(/^CARGO_MANIFEST_UNREADABLE: crates\/a\/Cargo\.toml:2:/)
    write('crates/a/Cargo.toml', files['crates/a/Cargo.toml'] ?? '')
    expect(Object.keys(await build())).toHaveLength(3)
  })

  it('is that of the files that are there when a tool beside it has deleted its own manifest again', async () => {
    const listed = [...listConfigFiles(root), 'apps/site/.temp/package.json']
    expect(Object.keys(await build(undefined, listed)).sort()).toEqual(['a', 'b', 't'])
  })

  it('reads no package.json that npm does not count', async () => {
    write('template/package.json', '{ "name": <%= name %> }')
    expect(Object.keys(await build()).sort()).toEqual(['a', 'b', 't'])
    rmSync(join(root, 'template'), { recursive: true })
  })

  it('follows the options, and refuses those that it does not know', async () => {
    expect((await build({ targets: { test: 'unit', lint: false } }))['t']?.targets).toHaveProperty('unit')
    await expect(build({ tests: {} })).rejects.toThrow(/^CONFIG_INVALID: nx\.json/)
  })

  it('reads what interlock.yaml declares harmless, and refuses what decides', async () => {
    write('interlock.yaml', 'graph:\n  irrelevant: [notes/**]\n')
    expect(JSON.stringify((await build())['a']?.namedInputs)).toContain('!{workspaceRoot}/notes/**')
    write('interlock.yaml', 'graph:\n  irrelevant: ["*.lock"]\n')
    await expect(build()).rejects.toThrow(/"\*\.lock" matches Cargo\.lock/)
    rmSync(join(root, 'interlock.yaml'))
  })

  it('without a project although there are manifests is an error', async () => {
    const context: CreateNodesContext = { workspaceRoot: root, nxJsonConfiguration: {} }
    write('only/Cargo.toml', '[workspace]\nmembers = []\n')
    await expect(nodesOf(['only/Cargo.toml'], undefined, context)).rejects.toThrow(/^GRAPH_EMPTY: only\/Cargo\.toml/)
    rmSync(join(root, 'only'), { recursive: true })
  })

  it.each([
    ['closures.json and the disk say so', true, {}, 'projects'],
    ['only the disk says so', false, {}, 'nothing'],
    ['only closures.json says so', false, { 'crates/stray/data.json': '{}' }, 'projects'],
  ])('has one glob for the projects of a directory: %s: %s', async (_, expected, more, word) => {
    leave()
    enter({ ...files, ...more })
    write('closures.json', renderClosures({ ...closuresOnDisk(root), 'crates/~2a': word }))
    const { namedInputs } = (await build())['a'] ?? {}
    expect(JSON.stringify(namedInputs).includes('!{workspaceRoot}/crates/*/**/*')).toBe(expected)
  })
})
