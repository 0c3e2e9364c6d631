import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createNxWorkspace, type NxWorkspace } from './testing/nx-workspace.ts'

// Two Python workspaces of the same shape side by side, one for each kind of lock: every start of Nx proves both.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

/** Locked packages. `direct` needs `deep`; `core` needs `direct`; `api` needs `core`, and `runner` for its tests. */
const VERSIONS: Readonly<Record<string, string>> = { deep: '1.0', direct: '1.0', pytest: '1.0', lonely: '1.0', runner: '1.0' }

const KINDS = ['uv', 'pinned'] as const
type Kind = (typeof KINDS)[number]

function manifest(name: string, dependencies: readonly string[], rest = ''): string {
  return `[project]\nname = "${name}"\nversion = "0.1.0"\ndependencies = ${JSON.stringify(dependencies)}\n${rest}`
}

function filesOf(kind: Kind): Record<string, string> {
  const name = (member: string): string => `${kind}-${member}`
  const sources = `\n[tool.uv.sources]\n${name('core')} = { workspace = true }\n`
  const files: Record<string, string> = {
    'pyproject.toml': `[tool.uv.workspace]\nmembers = ["core", "api", "cli"]\n\n[dependency-groups]\ndev = ["pytest"]\n`,
    'core/pyproject.toml': manifest(name('core'), ['direct']),
    'api/pyproject.toml': manifest(name('api'), [name('core')], `${sources}\n[dependency-groups]\ndev = ["runner"]\n`),
    'cli/pyproject.toml': manifest(name('cli'), ['lonely']),
    ...Object.fromEntries(['core', 'api', 'cli'].map((member) => [`${member}/tests/test_it.py`, 'def test_it(): pass\n'])),
  }
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [`${kind}/${path}`, text]))
}

function locks(versions: Readonly<Record<string, string>>): Record<string, string> {
  return { 'uv/uv.lock': uvLock(versions), 'pinned/requirements.lock': requirementsLock(versions) }
}

function uvLock(versions: Readonly<Record<string, string>>): string {
  const needs = (names: readonly string[]): string => `[\n${names.map((name) => `    { name = "${name}" },\n`).join('')}]\n`
  const external = (name: string, dependencies = ''): string =>
    `[[package]]\nname = "${name}"\nversion = "${versions[name]}"\nsource = { registry = "https://registry.invalid/simple" }\n${dependencies}` +
    `sdist = { url = "https://registry.invalid/${name}.tar.gz", hash = "sha256:${hash(name, versions)}", size = 1 }\n`
  const member = (name: string, rest: string): string =>
    `[[package]]\nname = "uv-${name}"\nversion = "0.1.0"\nsource = { virtual = "${name}" }\n${rest}`
  return [
    'version = 1\nrevision = 3\nrequires-python = ">=3.9"\n',
    '[manifest]\nmembers = [\n    "uv-api",\n    "uv-cli",\n    "uv-core",\n]\n\n[manifest.dependency-groups]\ndev = [{ name = "pytest" }]\n',
    external('deep'),
    external('direct', `dependencies = ${needs(['deep'])}`),
    external('pytest'),
    external('lonely'),
    external('runner'),
    member('api', `dependencies = ${needs(['uv-core'])}\n[package.dev-dependencies]\ndev = ${needs(['runner'])}`),
    member('cli', `dependencies = ${needs(['lonely'])}`),
    member('core', `dependencies = ${needs(['direct'])}`),
  ].join('\n')
}

function requirementsLock(versions: Readonly<Record<string, string>>): string {
  const via: Readonly<Record<string, string>> = {
    deep: 'direct',
    direct: 'pinned-core',
    pytest: '',
    lonely: 'pinned-cli',
    runner: 'pinned-api:dev',
  }
  return Object.entries(via)
    .map(
      ([name, by]) =>
        `${name}==${versions[name]} \\\n    --hash=sha256:${hash(name, versions)}\n${by === '' ? '' : `    # via ${by}\n`}`,
    )
    .join('')
}

/** Another digest for another version, as a registry has it. */
function hash(name: string, versions: Readonly<Record<string, string>>): string {
  return Buffer.from(`${name}-${versions[name]}`).toString('hex').padEnd(64, '0')
}

let workspace: NxWorkspace
let table: string

beforeAll(() => {
  workspace = createNxWorkspace({ ...filesOf('uv'), ...filesOf('pinned'), ...locks(VERSIONS) })
  workspace.commit('begin')
  workspace.nx(['sync'])
  table = workspace.read('closures.json')
})
afterAll(() => workspace.dispose())

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) workspace.write(path, text)
}

const both = (...members: readonly string[]): string[] => KINDS.flatMap((kind) => members.map((name) => `${kind}-${name}`)).sort()

describe('a bump in uv.lock and in requirements.lock', () => {
  it.each([
    ['a direct dependency', 'direct', both('core', 'api')],
    ['a dependency of a dependency', 'deep', both('core', 'api')],
    ['a dependency of nobody else', 'lonely', both('cli')],
    ['a dependency of the group of one member', 'runner', both('api')],
    ['a dependency of the group of the root', 'pytest', both('core', 'api', 'cli')],
  ])('of %s affects exactly the projects whose slice moved, before and after the sync', (_, name, expected) => {
    write({ ...locks(VERSIONS), 'closures.json': table })
    const base = workspace.commit('begin again')
    write(locks({ ...VERSIONS, [name]: '2.0' }))
    workspace.commit('bump')
    expect(workspace.affected(base)).toEqual(expected)
    workspace.nx(['sync'])
    expect(workspace.read('closures.json')).not.toBe(table)
    workspace.commit('sync')
    expect(workspace.affected(base)).toEqual(expected)
  })

  it.each([
    ['uv', 'uv/uv.lock', ['uv-cli']],
    ['pinned', 'pinned/requirements.lock', ['pinned-cli']],
  ])('of one workspace leaves the other alone: %s', (_, file, expected) => {
    write({ ...locks(VERSIONS), 'closures.json': table })
    const base = workspace.commit('begin again')
    workspace.write(file, locks({ ...VERSIONS, lonely: '2.0' })[file] ?? '')
    workspace.commit('bump')
    expect(workspace.affected(base)).toEqual(expected)
  })
})
