import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createNxWorkspace, type NxWorkspace } from './testing/nx-workspace.ts'

// Crates and Python packages under one root: what a root manifest decides for one language is nothing to the other.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const RUST = ['first', 'second', 'third']
const PYTHON = ['alpha', 'beta', 'gamma']
const EVERYTHING = [...PYTHON, ...RUST].sort()

const CARGO = `[workspace]\nresolver = "3"\nmembers = ["crates/*"]\n\n[workspace.dependencies]\nhex = "0.4.2"\nitoa = "1.0.0"\n`
const PYPROJECT = `[tool.uv.workspace]\nmembers = ["python/*"]\n\n[tool.uv.sources]\nleaf = { url = "https://registry.invalid/leaf-1.tar.gz" }\n\n[dependency-groups]\ndev = ["pytest"]\n\n[tool.ruff]\nline-length = 100\n`

function cargoLock(itoa: string): string {
  const external = (name: string, version: string): string =>
    `[[package]]\nname = "${name}"\nversion = "${version}"\nsource = "registry+https://registry.invalid/index"\nchecksum = "${'0'.repeat(64)}"\n`
  const member = (name: string, need: string): string =>
    `[[package]]\nname = "${name}"\nversion = "0.1.0"\ndependencies = [\n "${need}",\n]\n`
  return [
    'version = 4\n',
    member('first', 'itoa'),
    external('hex', '0.4.2'),
    external('itoa', itoa),
    member('second', 'first'),
    member('third', 'hex'),
  ].join('\n')
}

function crate(name: string, dependency: string): Record<string, string> {
  return {
    [`crates/${name}/Cargo.toml`]: `[package]\nname = "${name}"\nversion = "0.1.0"\nedition = "2024"\n\n[dependencies]\n${dependency}\n`,
    [`crates/${name}/src/lib.rs`]: '#[test]\nfn works() {}\n',
  }
}

function pythonPackage(name: string, dependencies: readonly string[], rest = ''): Record<string, string> {
  return {
    [`python/${name}/pyproject.toml`]: `[project]\nname = "${name}"\nversion = "0.1.0"\ndependencies = ${JSON.stringify(dependencies)}\n${rest}`,
    [`python/${name}/tests/test_it.py`]: 'def test_it(): pass\n',
  }
}

const FILES: Readonly<Record<string, string>> = {
  'Cargo.toml': CARGO,
  'Cargo.lock': cargoLock('1.0.0'),
  'pyproject.toml': PYPROJECT,
  'requirements.lock':
    'pytest==1.0 \\\n    --hash=sha256:aa\nleaf==1.0 \\\n    --hash=sha256:bb\n    # via alpha\nother==1.0 \\\n    --hash=sha256:cc\n    # via gamma\n',
  ...crate('first', 'itoa.workspace = true'),
  ...crate('second', 'first = { path = "../first" }'),
  ...crate('third', 'hex.workspace = true'),
  ...pythonPackage('alpha', ['leaf']),
  ...pythonPackage('beta', ['alpha'], '\n[tool.uv.sources]\nalpha = { workspace = true }\n'),
  ...pythonPackage('gamma', ['other'], '\n[tool.ruff]\nline-length = 80\n'),
}

let workspace: NxWorkspace
let table: string

beforeAll(() => {
  workspace = createNxWorkspace(FILES)
  workspace.commit('begin')
  workspace.nx(['sync'])
  table = workspace.read('closures.json')
})
afterAll(() => workspace.dispose())

/** Commits an edit on top of the synced beginning and returns the commit before it. */
function edit(files: Readonly<Record<string, string>>): string {
  for (const [path, text] of Object.entries(FILES)) workspace.write(path, text)
  workspace.write('closures.json', table)
  const base = workspace.commit('begin again')
  for (const [path, text] of Object.entries(files)) workspace.write(path, text)
  workspace.commit('edit')
  return base
}

const newer = CARGO.replace('itoa = "1.0.0"', 'itoa = "1.0.1"')

describe('a change of the root manifests', () => {
  it.each<[string, Record<string, string>, readonly string[]]>([
    [
      'the version of a shared crate, with the lock',
      { 'Cargo.toml': newer, 'Cargo.lock': cargoLock('1.0.1') },
      ['first', 'second'],
    ],
    ['a profile: Rust only', { 'Cargo.toml': `${CARGO}\n[profile.release]\nlto = true\n` }, RUST],
    [
      'the source of a Python package: those who reach it',
      { 'pyproject.toml': PYPROJECT.replace('leaf-1', 'leaf-2') },
      ['alpha', 'beta'],
    ],
    ['a Python tool that nobody knows: Python only', { 'pyproject.toml': `${PYPROJECT}\n[tool.unheard-of]\nkey = 1\n` }, PYTHON],
  ])('%s, before and after the sync', (_, files, expected) => {
    const base = edit(files)
    expect(workspace.affected(base)).toEqual(expected)
    workspace.nx(['sync'])
    workspace.commit('sync')
    expect(workspace.affected(base)).toEqual(expected)
  })

  it.each<[string, Record<string, string>, readonly string[]]>([
    ['the version of a shared crate, with the same lock', { 'Cargo.toml': newer }, ['first', 'second']],
    ['a table that Cargo does not know: Rust only', { 'Cargo.toml': `${CARGO}\n[unheard-of]\nkey = 1\n` }, RUST],
    [
      'a tool that a member configures itself: the others',
      { 'pyproject.toml': PYPROJECT.replace('line-length = 100', 'line-length = 90') },
      ['alpha', 'beta'],
    ],
    ['a group of the root: Python only', { 'pyproject.toml': PYPROJECT.replace('"pytest"', '"pytest>=1"') }, PYTHON],
    ['comments in both: nobody', { 'Cargo.toml': `# hello\n${CARGO}`, 'pyproject.toml': `# hello\n${PYPROJECT}` }, []],
  ])('%s', (_, files, expected) => {
    expect(workspace.affected(edit(files))).toEqual(expected)
  })

  it('promise-2: a root file that no rule knows reaches both languages', () => {
    const base = edit({ 'settings.cfg': 'x\n' })
    expect(workspace.affected(base)).toEqual(EVERYTHING)
    workspace.remove('settings.cfg')
  })
})

describe('a project that is deleted', () => {
  it.each([
    ['crate', 'crates/first', 'crates/second/Cargo.toml', /first = .*/, 'second'],
    ['Python package', 'python/alpha', 'python/beta/pyproject.toml', /"alpha"/, 'beta'],
  ])('affects what depended on it: a %s', (_, gone, dependent, dependency, expected) => {
    const base = edit({})
    workspace.remove(gone)
    workspace.write(dependent, (FILES[dependent] ?? '').replace(dependency, '').replace(/alpha = .*/, ''))
    if (gone.startsWith('crates')) {
      workspace.write(
        'Cargo.lock',
        cargoLock('1.0.0')
          .replace(/\[\[package\]\]\nname = "first"[^[]*\[[^[]*/, '')
          .replace(' "first",\n', ''),
      )
    }
    workspace.commit('delete')
    expect(workspace.affected(base)).toContain(expected)
  })
})
