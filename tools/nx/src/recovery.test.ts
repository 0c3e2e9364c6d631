import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { cargoLock, crate, DAEMON, daemonOf, projectNames } from './testing/hostile.ts'
import { createNxWorkspace, type NxWorkspace } from './testing/nx-workspace.ts'

// Each start of Nx takes seconds on a machine that is busy with something else.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

// One workspace, one fault at a time: the next command after its mending must not need `nx reset`.
const FILES: Readonly<Record<string, string>> = {
  'Cargo.toml': '[workspace]\nresolver = "3"\nmembers = ["crates/*"]\n',
  'Cargo.lock': cargoLock({ a: [], b: ['a'] }),
  'crates/a/Cargo.toml': crate('a'),
  'crates/a/src/lib.rs': '//! Nothing.\n',
  'crates/b/Cargo.toml': crate('b', '[dependencies]\na = { path = "../a" }\n'),
  'crates/b/src/lib.rs': '//! Nothing.\n',
  'py/p/pyproject.toml': '[project]\nname = "p"\nversion = "1"\n',
  'py/q/pyproject.toml': '[project]\nname = "q"\nversion = "1"\n',
}

const ALL = ['a', 'b', 'p', 'q']

interface Fault {
  readonly files: Readonly<Record<string, string | Uint8Array>>
  /** What the command says: code, place and reason. */
  readonly says: RegExp
  readonly alsoWithout?: boolean
}

const FAULTS: Readonly<Record<string, Fault>> = {
  'broken TOML': {
    files: { 'crates/b/Cargo.toml': '[package]\nname = "b\n' },
    says: /CARGO_MANIFEST_UNREADABLE: crates\/b\/Cargo\.toml:2:10: not valid TOML.*\s+hint: /,
    alsoWithout: true,
  },
  'a manifest that is not UTF-8': {
    files: { 'py/p/pyproject.toml': Buffer.from('[project]\nname = "caf\xe9"\n', 'latin1') },
    says: /FILE_UNREADABLE: py\/p\/pyproject\.toml:2:12: is not UTF-8 text\s+hint: /,
    alsoWithout: true,
  },
  'a lock that is newer than we know': {
    files: { 'Cargo.lock': 'version = 9\n' },
    says: /CARGO_LOCK_TOO_NEW: Cargo\.lock:1:1: lock format 9 is newer than 4.*\s+hint: /,
    alsoWithout: true,
  },
  'a lock that misses a member': {
    files: { 'Cargo.lock': cargoLock({ a: [] }) },
    says: /CARGO_LOCK_INCOMPLETE: Cargo\.lock: has no entry for the workspace member b .*\s+hint: /,
  },
  'a member outside the repository': {
    files: { 'Cargo.toml': '[workspace]\nmembers = ["crates/*", "../outside"]\n' },
    says: /CARGO_PATH_OUTSIDE: Cargo\.toml:2:24: .*leads outside the repository\s+hint: /,
  },
  'a member that is a loop of links': {
    files: { 'Cargo.toml': '[workspace]\nmembers = ["crates/*", "loop"]\n' },
    says: /CARGO_WORKSPACE_INVALID: Cargo\.toml:2:24: the workspace member "loop" has no Cargo\.toml that is in the repository\s+hint: /,
    alsoWithout: true,
  },
  'two projects of one name': {
    files: { 'crates/a/Cargo.toml': crate('b') },
    says: /GRAPH_NAME_DUPLICATE: crates\/b\/Cargo\.toml: two packages are named b: .*\s+hint: /,
  },
  'a name that a shell would read': {
    files: { 'crates/a/Cargo.toml': crate('$(touch pwned)') },
    says: /GRAPH_NAME_UNSAFE: crates\/a\/Cargo\.toml: the package name "\$\(touch pwned\)" is no plain word.*\s+hint: /,
  },
  'crates that need each other to be built': {
    files: { 'crates/a/Cargo.toml': crate('a', '[dependencies]\nb = { path = "../b" }\n') },
    says: /GRAPH_CYCLE: crates\/a\/Cargo\.toml: .*a -> b -> a\s+hint: /,
  },
  'an interlock.yaml that is wrong': {
    files: { 'interlock.yaml': 'graph:\n  irelevant: []\n' },
    says: /CONFIG_INVALID: interlock\.yaml:2:14: graph\.irelevant: there is no such option/,
    alsoWithout: true,
  },
}

let workspace: NxWorkspace

beforeAll(() => {
  workspace = createNxWorkspace(FILES)
  // Always there: a walk that follows links would never end.
  symlinkSync('.', join(workspace.root, 'loop'))
  symlinkSync('..', join(workspace.root, 'crates', 'a', 'loop'))
  workspace.commit('begin')
})
afterAll(() => workspace.dispose())

function mend(paths: Iterable<string>): void {
  for (const path of paths) {
    const text = FILES[path]
    if (text === undefined) workspace.remove(path)
    else workspace.write(path, text)
  }
}

describe.each(DAEMON)('with the daemon %s', (daemon, env) => {
  const show = () => workspace.nx(['show', 'projects', '--json'], env)

  it('the graph is there', () => {
    expect(projectNames(show())).toEqual(ALL)
    expect(daemonOf(workspace) !== undefined).toBe(daemon === 'on')
  })

  // Without the daemon nothing is remembered but files: one fault of each kind of error is enough.
  const faults = Object.entries(FAULTS).filter(([, fault]) => daemon === 'on' || fault.alsoWithout === true)
  it.each(faults)('%s is an error with its place, and the next command after the mending works', (_, fault) => {
    for (const [path, text] of Object.entries(fault.files)) writeFileSync(join(workspace.root, path), text)
    const broken = show()
    mend(Object.keys(fault.files))
    expect(broken.output).toMatch(fault.says)
    expect(broken.status).toBe(1)
    expect(projectNames(show())).toEqual(ALL)
  })

  it('a project that is added and removed comes and goes, in the same daemon', () => {
    const before = daemonOf(workspace)
    const lock = cargoLock({ a: [], b: ['a'], new: [] })
    workspace.write('crates/new/Cargo.toml', crate('new'))
    workspace.write('crates/new/src/lib.rs', '//! Nothing.\n')
    workspace.write('Cargo.lock', lock)
    expect(projectNames(show())).toEqual(['a', 'b', 'new', 'p', 'q'])
    workspace.remove('crates/new')
    mend(['Cargo.lock'])
    expect(projectNames(show())).toEqual(ALL)
    expect(daemonOf(workspace)).toBe(before)
  })

  it('files that come and go while the graph is built give a graph of some moment or a named error, and the next command works', async () => {
    const [from, to] = ['py/q', '.nx/aside'].map((path) => join(workspace.root, path)) as [string, string]
    mkdirSync(join(workspace.root, '.nx'), { recursive: true })
    const running = workspace.start(['show', 'projects', '--json'], env)
    let isAway = false
    const churn = setInterval(() => {
      renameSync(isAway ? to : from, isAway ? from : to)
      isAway = !isAway
    }, 3)
    const result = await running.ended
    clearInterval(churn)
    if (isAway) renameSync(to, from)
    const answer = result.status === 0 ? projectNames(result).join(' ') : result.output
    expect(answer).toMatch(/^a b p( q)?$|FILE_CHANGED: py\/q\/pyproject\.toml: .*\s+hint: run the command again/)
    expect(projectNames(show())).toEqual(ALL)
  })
})

it('the command itself ends with the status of the table, and works after the mending', () => {
  workspace.write('crates/b/Cargo.toml', '[package]\nname = "b\n')
  const says = /CARGO_MANIFEST_UNREADABLE: crates\/b\/Cargo\.toml:2:10/
  expect(workspace.interlock(['affected', '-t', 'format', '--all'])).toMatchObject({
    status: 2,
    output: expect.stringMatching(says),
  })
  expect(workspace.interlock(['why', 'a', '--json'])).toMatchObject({ status: 2, output: expect.stringMatching(says) })
  expect(workspace.interlock(['lock', 'diff', '--base=HEAD'])).toMatchObject({ status: 2, output: expect.stringMatching(says) })
  mend(['crates/b/Cargo.toml'])
  expect(workspace.interlock(['affected', '-t', 'format', '--all']).status).toBe(0)
})

it.each(DAEMON)('stale closures are said to the person once, with the daemon %s', (_, env) => {
  const { status, output } = workspace.interlock(['affected', '-t', 'format', '--all'], env)
  expect(status).toBe(0)
  expect(output.split('interlock: closures.json is stale for crates/a, crates/b')).toHaveLength(2)
})
