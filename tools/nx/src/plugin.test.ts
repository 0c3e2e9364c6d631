import { existsSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createNxWorkspace, type NxWorkspace } from './testing/nx-workspace.ts'

// One workspace and many commits: each start of Nx costs more than a second.
const SOURCE = 'registry+https://registry.invalid/index'

/** Versions of the packages in the lock; a bump is a new text of the whole file. */
function cargoLock(versions: Readonly<Record<string, string>>, without: readonly string[] = []): string {
  const packages: [string, string[]][] = [
    ['a', ['itoa']],
    ['b', ['a']],
    ['c', ['hex']],
    ['d', ['a', 'base64']],
    ['x-y', ['hex']],
  ]
  const members = packages
    .filter(([name]) => !without.includes(name))
    .map(([name, needs]) => entry(name, '0.1.0', `dependencies = [\n${needs.map((need) => ` "${need}",\n`).join('')}]\n`))
  const external = Object.entries(versions).map(([name, version]) =>
    entry(name, version, `source = "${SOURCE}"\nchecksum = "${'0'.repeat(64)}"\n`),
  )
  return `version = 4\n${[...members, ...external].sort().join('')}`
}

function entry(name: string, version: string, rest: string): string {
  return `\n[[package]]\nname = "${name}"\nversion = "${version}"\n${rest}`
}

const versions = { base64: '0.22.0', hex: '0.4.2', itoa: '1.0.0' }

function crate(name: string, rest: string): string {
  return `[package]\nname = "${name}"\nversion = "0.1.0"\nedition = "2024"\n\n${rest}`
}

const rootManifest = (dependencies: string, more = ''): string =>
  `[workspace]\nresolver = "3"\nmembers = ["crates/*"]\n\n[workspace.dependencies]\n${dependencies}${more}`
const dependencies = 'base64 = "0.22"\nhex = "0.4"\nitoa = "1"\n'

const LIB = '#[test]\nfn works() {}\n'

const files: Record<string, string> = {
  'Cargo.toml': rootManifest(dependencies),
  'Cargo.lock': cargoLock(versions),
  'crates/a/Cargo.toml': crate('a', '[dependencies]\nitoa.workspace = true\n'),
  'crates/b/Cargo.toml': crate('b', '[dependencies]\na = { path = "../a" }\n'),
  'crates/c/Cargo.toml': crate('c', '[dependencies]\nhex.workspace = true\n'),
  'crates/d/Cargo.toml': crate('d', '[dependencies]\nbase64.workspace = true\n[dev-dependencies]\na = { path = "../a" }\n'),
  'crates/x.y/Cargo.toml': crate('x-y', '[dependencies]\nhex.workspace = true\n'),
  ...Object.fromEntries(['a', 'b', 'c', 'd', 'x.y'].map((name) => [`crates/${name}/src/lib.rs`, LIB])),
}

const ALL = ['a', 'b', 'c', 'd', 'x-y']

let workspace: NxWorkspace
let table: string

beforeAll(() => {
  workspace = createNxWorkspace(files)
  workspace.commit('begin')
  workspace.nx(['sync'])
  table = workspace.read('closures.json')
})
afterAll(() => workspace.dispose())

/** Puts the workspace back to the synced beginning, as a new commit, and returns it. */
function begin(): string {
  for (const [path, text] of Object.entries(files)) workspace.write(path, text)
  workspace.write('closures.json', table)
  return workspace.commit('begin again')
}

describe('nx sync', () => {
  it('writes the table once, and says which packages moved for which projects', () => {
    expect(Object.keys(JSON.parse(workspace.read('closures.json')) as object)).toEqual([
      'crates/a',
      'crates/b',
      'crates/c',
      'crates/d',
      'crates/x~2ey',
      'crates/~2a',
    ])
    workspace.commit('synced')
    expect(workspace.nx(['sync:check']).status).toBe(0)
    workspace.write('Cargo.lock', cargoLock({ ...versions, itoa: '1.0.1' }))
    const stale = workspace.nx(['sync:check'])
    expect(stale.status).toBe(1)
    expect(stale.output).toContain('itoa 1.0.0 → 1.0.1')
    workspace.write('Cargo.lock', cargoLock(versions))
  })
})

describe('a lock-only commit', () => {
  it.each([
    ['hex', '0.4.3', ['c', 'x-y']],
    ['itoa', '1.0.1', ['a', 'b', 'd']],
    ['base64', '0.22.1', ['d']],
  ])('of %s affects exactly the projects whose slice moved, before and after the sync', (name, version, expected) => {
    const base = begin()
    workspace.write('Cargo.lock', cargoLock({ ...versions, [name]: version }))
    const bumped = workspace.commit('bump')
    expect(workspace.affected(base)).toEqual(expected)
    workspace.nx(['sync'])
    workspace.commit('sync')
    expect(workspace.affected(base)).toEqual(expected)
    expect(workspace.affected(bumped)).toEqual(expected)
  })
})

describe('a change of the root manifest', () => {
  it.each([
    [
      'a feature of a shared dependency, with the same lock',
      rootManifest(dependencies.replace('itoa = "1"', 'itoa = { version = "1", features = ["no-panic"] }')),
      ['a', 'b', 'd'],
    ],
    ['a comment', `# hello\n${rootManifest(dependencies)}`, []],
    ['a profile', rootManifest(dependencies, '\n[profile.release]\nlto = true\n'), ALL],
    ['a table that nobody knows', rootManifest(dependencies, '\n[unheard-of]\nkey = 1\n'), ALL],
  ])('%s affects exactly what it is attributed to, before and after the sync', (_, text, expected) => {
    const base = begin()
    workspace.write('Cargo.toml', text)
    workspace.commit('edit')
    expect(workspace.affected(base)).toEqual(expected)
    workspace.nx(['sync'])
    workspace.commit('sync')
    expect(workspace.affected(base)).toEqual(expected)
  })

  it('a feature together with a bump of another package affects both', () => {
    const base = begin()
    workspace.write(
      'Cargo.toml',
      rootManifest(dependencies.replace('base64 = "0.22"', 'base64 = { version = "0.22", default-features = false }')),
    )
    workspace.write('Cargo.lock', cargoLock({ ...versions, hex: '0.4.3' }))
    workspace.commit('edit')
    expect(workspace.affected(base)).toEqual(['c', 'd', 'x-y'])
  })
})

describe('any other change', () => {
  it('of a file that no rule knows affects everything, and of documentation nothing', () => {
    const base = begin()
    workspace.write('Makefile', 'all:\n')
    const made = workspace.commit('make')
    expect(workspace.affected(base)).toEqual(ALL)
    workspace.write('README.md', 'hello\n')
    workspace.commit('read me')
    expect(workspace.affected(made)).toEqual([])
  })

  it('of a source file affects the project and what depends on it', () => {
    const base = begin()
    workspace.write('crates/a/src/lib.rs', `${LIB}\n// edited\n`)
    workspace.commit('edit')
    expect(workspace.affected(base)).toEqual(['a', 'b', 'd'])
  })

  it('of a source file that goes affects the same as its edit', () => {
    begin()
    workspace.write('crates/a/src/bin/tool.rs', 'fn main() {}\n')
    const base = workspace.commit('a binary')
    workspace.remove('crates/a/src/bin')
    workspace.commit('delete')
    expect(workspace.affected(base)).toEqual(['a', 'b', 'd'])
  })

  it('that takes a project away that nobody needs affects nobody', () => {
    const base = begin()
    workspace.remove('crates/c')
    workspace.write('Cargo.lock', cargoLock(versions, ['c']))
    workspace.commit('delete')
    expect(workspace.affected(base)).toEqual([])
  })
})

describe('a damaged closures.json', () => {
  const damages: readonly [string, (text: string) => string | undefined, readonly string[]][] = [
    ['emptied', () => '', ALL],
    ['truncated', (text) => text.slice(0, -8), ALL],
    ['with conflict markers', (text) => `<<<<<<< HEAD\n${text}=======\n${text}>>>>>>> other\n`, ALL],
    ['with a trailing comma', (text) => text.replace('"\n}', '",\n}'), ALL],
    ['with a duplicate key', (text) => text.replace('{\n', '{\n  "crates/c": "0",\n'), ALL],
    ['an array', () => '[]\n', ALL],
    ['deleted', () => undefined, ALL],
    ['without the line of c', (text) => text.replace(/.*crates\/c".*\n/, ''), ['c']],
    ['with CRLF', (text) => text.replaceAll('\n', '\r\n'), []],
  ]

  it.each(damages)('%s is never narrower than the truth', (_, damage, expected) => {
    const base = begin()
    const text = damage(workspace.read('closures.json'))
    if (text === undefined) workspace.remove('closures.json')
    else workspace.write('closures.json', text)
    workspace.commit('damage')
    expect(workspace.affected(base)).toEqual(expected)
  })

  it('replaced by a link is wide', () => {
    const base = begin()
    renameSync(join(workspace.root, 'closures.json'), join(workspace.root, 'real.json'))
    symlinkSync('real.json', join(workspace.root, 'closures.json'))
    workspace.commit('link')
    expect(workspace.affected(base)).toEqual(ALL)
    workspace.remove('closures.json')
    workspace.remove('real.json')
  })

  it('that .nxignore hides is wide', () => {
    workspace.write('.nxignore', 'closures.json\n')
    const base = begin()
    workspace.write('Cargo.lock', cargoLock({ ...versions, hex: '0.4.3' }))
    workspace.nx(['sync'])
    workspace.commit('bump and sync')
    expect(workspace.affected(base)).toEqual(ALL)
    workspace.remove('.nxignore')
  })
})

describe('a run that would do nothing', () => {
  it.each([
    [['affected', '-t', 'test', '--base='], {}, 'BASE_EMPTY'],
    [['affected', '-t', 'test'], { NX_BASE: '' }, 'BASE_EMPTY'],
    [['affected', '-t', 'test', '--uncommitted'], {}, 'USAGE'],
    [['affected', '-t', 'nosuch', '--base=HEAD'], {}, 'TARGET_UNKNOWN'],
    [['run-many', '-t', 'nosuch'], {}, 'TARGET_UNKNOWN'],
    [['run-many', '-t', 'test', '-p', 'nosuch'], {}, 'PROJECT_UNKNOWN'],
    [['run-many', '-t', 'test', '--exclude=*'], {}, 'TARGET_UNKNOWN'],
  ] as const)('%j with %j is refused', (args, env, code) => {
    const result = workspace.nx([...args], env)
    expect(result.status).toBe(1)
    expect(result.output).toContain(code)
  })

  it('says so itself where the command that asked for a report runs another workspace', () => {
    const report = join(workspace.root, '.nx', 'report.json')
    const env = { INTERLOCK_RUN_REPORT: report, INTERLOCK_RUN_ROOT: dirname(workspace.root) }
    expect(workspace.nx(['run-many', '-t', 'nosuch'], env).output).toContain('TARGET_UNKNOWN')
    expect([report, `${report}.refused`].filter((file) => existsSync(file))).toEqual([])
    const asked = workspace.nx(['run-many', '-t', 'nosuch'], { ...env, INTERLOCK_RUN_ROOT: workspace.root })
    expect(asked.output).not.toContain('TARGET_UNKNOWN')
    expect(readFileSync(`${report}.refused`, 'utf8')).toContain('TARGET_UNKNOWN')
  })

  it('with an executor that can lie is refused', () => {
    workspace.write('crates/a/project.json', JSON.stringify({ targets: { test: { executor: '@monodon/rust:test' } } }))
    const result = workspace.nx(['show', 'projects'])
    workspace.remove('crates/a/project.json')
    expect(result.status).toBe(1)
    expect(result.output).toContain('TARGET_EXECUTOR_REFUSED')
  })
})

describe.each([
  ['off', {}],
  ['on', { NX_DAEMON: 'true' }],
])('with the daemon %s', (_, env) => {
  it('a broken manifest is an error with its place, and the next command works after the fix', () => {
    begin()
    expect(workspace.nx(['show', 'projects'], env).status).toBe(0)
    writeFileSync(join(workspace.root, 'crates/b/Cargo.toml'), '[package]\nname = "b"\nversion = \n')
    const broken = workspace.nx(['show', 'projects'], env)
    expect(broken.status).toBe(1)
    expect(broken.output).toMatch(/CARGO_MANIFEST_UNREADABLE: crates\/b\/Cargo\.toml:3:/)
    workspace.write('crates/b/Cargo.toml', files['crates/b/Cargo.toml'] ?? '')
    const mended = workspace.nx(['show', 'projects', '--json'], env)
    expect(mended.status).toBe(0)
    expect((JSON.parse(mended.output.slice(mended.output.indexOf('['))) as string[]).sort()).toEqual(ALL)
  })

  it('a project that is added and removed comes and goes', () => {
    begin()
    workspace.write('crates/e/Cargo.toml', crate('e', ''))
    workspace.write('crates/e/src/lib.rs', LIB)
    workspace.write('Cargo.lock', `${cargoLock(versions)}${entry('e', '0.1.0', '')}`)
    expect(workspace.nx(['show', 'projects'], env).output).toMatch(/^e$/m)
    workspace.remove('crates/e')
    workspace.write('Cargo.lock', cargoLock(versions))
    expect(workspace.nx(['show', 'projects'], env).output).not.toMatch(/^e$/m)
  })
})
