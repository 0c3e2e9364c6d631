import { readdirSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { cargoLock, crate, projectNames } from './testing/hostile.ts'
import { createNxWorkspace, type NxWorkspace } from './testing/nx-workspace.ts'

// Each start of Nx takes seconds on a machine that is busy with something else.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

/** Crates by the directories that hold them. */
const CRATES: Readonly<Record<string, string>> = {
  'a b': 'spaces',
  '$(touch pwned)': 'command',
  '`touch pwned`; touch pwned #': 'backquotes',
  "it's": 'quotes',
  größe: 'unicode',
  '-dash': 'dash',
}

const LIB = '#[test]\nfn works() {}\n'
const NAMES = [...Object.values(CRATES), 'module'].sort()

let workspace: NxWorkspace
let submodule: NxWorkspace
let base: string

beforeAll(() => {
  submodule = createNxWorkspace({ 'Cargo.toml': crate('module'), 'src/lib.rs': LIB })
  submodule.commit('the submodule')
  const files = Object.entries(CRATES).flatMap(([directory, name]): [string, string][] => [
    [`crates/${directory}/Cargo.toml`, crate(name)],
    [`crates/${directory}/src/lib.rs`, LIB],
  ])
  workspace = createNxWorkspace({
    'Cargo.toml': '[workspace]\nresolver = "3"\nmembers = ["crates/*"]\n',
    'Cargo.lock': cargoLock({ ...Object.fromEntries(NAMES.map((name) => [name, []])), quotes: ['unicode'], unicode: ['quotes'] }),
    ...Object.fromEntries(files),
    // A cycle that only a dev-dependency closes is legal; a byte order mark and CRLF are, too.
    "crates/it's/Cargo.toml": `\uFEFF${crate('quotes', '[dependencies]\nunicode = { path = "../größe" }\n')}`,
    'crates/größe/Cargo.toml': crate('unicode', '[dev-dependencies]\nquotes = { path = "../it\'s" }\n').replaceAll('\n', '\r\n'),
  })
  workspace.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', submodule.root, 'crates/module')
  workspace.nx(['sync'])
  base = workspace.commit('begin')
})
afterAll(() => {
  submodule.dispose()
  workspace.dispose()
})

describe('directories with spaces, `$(…)`, quotes, unicode and a leading dash, a dev-cycle, a submodule, a byte order mark and CRLF', () => {
  it('have their tests and plain commands run, and nothing that a shell would make of their names', () => {
    const { status, output } = workspace.interlock(['affected', '-t', 'test', 'format', '--all'])
    for (const name of NAMES) expect(output).toMatch(new RegExp(`^${name} +test +passed`, 'm'))
    for (const name of NAMES) expect(output).toMatch(new RegExp(`^${name} +format +passed`, 'm'))
    expect(output.trimEnd()).toContain(`${NAMES.length} passed, 0 failed, 0 skipped`)
    expect(status).toBe(0)
    const all = readdirSync(workspace.root, { recursive: true, encoding: 'utf8' })
    expect(all.filter((path) => path.endsWith('pwned') && !path.includes('node_modules'))).toEqual([])
  })

  it('are affected by their own files and with what they need; one that cannot be left out of a glob affects everything', () => {
    workspace.write('crates/größe/src/lib.rs', `${LIB}// edited\n`)
    expect(workspace.affected(base)).toEqual(['quotes', 'unicode'])
    workspace.write('crates/$(touch pwned)/src/lib.rs', `${LIB}// edited\n`)
    expect(workspace.affected(base)).toEqual(NAMES)
    workspace.git('checkout', '-q', '--', '.')
  })

  it('promise-2: another commit of a submodule affects everything, and the base is known', () => {
    workspace.write('crates/module/src/lib.rs', `${LIB}// edited\n`)
    workspace.git('-C', 'crates/module', 'commit', '-q', '-a', '-m', 'edited')
    workspace.git('checkout', '-q', '-b', 'feature')
    workspace.commit('another commit of the submodule')
    expect(workspace.affected(base)).toEqual(NAMES)
    expect(workspace.interlock(['base']).output).toMatch(new RegExp(`^commit ${base}\\n`))
    expect(workspace.interlock(['lock', 'diff']).output).toContain('no package and no shared part of a root manifest moved')
  })
})

it('a manifest of 5 MB is read', () => {
  const filler = Array.from({ length: 120_000 }, (_, index) => `feature-${index} = ["f", "${'x'.repeat(20)}"]`).join('\n')
  workspace.write('crates/a b/Cargo.toml', crate('spaces', `[features]\nf = []\n${'x'.repeat(20)} = []\n${filler}\n`))
  expect(workspace.read('crates/a b/Cargo.toml').length).toBeGreaterThan(5_000_000)
  const { status, output } = workspace.nx(['show', 'projects', '--json'])
  workspace.git('checkout', '-q', '--', '.')
  expect(status).toBe(0)
  expect(projectNames({ status, output })).toEqual(NAMES)
})
