import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { cargoLock, crate, DAEMON } from './testing/hostile.ts'
import { createNxWorkspace, type NxResult, type NxWorkspace } from './testing/nx-workspace.ts'

// Each start of Nx takes seconds on a machine that is busy with something else.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

const BUILD = `import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
const [name, from] = process.argv.slice(2)
mkdirSync('dist/' + name, { recursive: true })
const text = from === undefined ? readFileSync('crates/a/src/lib.rs', 'utf8') : readFileSync('dist/' + from + '/0.txt', 'utf8')
for (let part = 0; part < 40; part += 1) writeFileSync('dist/' + name + '/' + part + '.txt', text.repeat(100))
console.log(readdirSync('dist/' + name).length + ' parts')
`

const LIB = '#[test]\nfn works() {}\n'

let workspace: NxWorkspace

beforeAll(() => {
  workspace = createNxWorkspace({
    'Cargo.toml': '[workspace]\nresolver = "3"\nmembers = ["crates/*"]\n',
    'Cargo.lock': cargoLock({ a: [], b: ['a'] }),
    'crates/a/Cargo.toml': crate('a'),
    'crates/a/src/lib.rs': LIB,
    'crates/a/project.json': product('a', 'node build.mjs a'),
    'crates/b/Cargo.toml': crate('b', '[dependencies]\na = { path = "../a" }\n'),
    'crates/b/src/lib.rs': LIB,
    'crates/b/project.json': product('b', 'node build.mjs b a'),
    'build.mjs': BUILD,
  })
  workspace.nx(['sync'])
  workspace.commit('begin')
})
afterAll(() => workspace.dispose())

function product(name: string, command: string): string {
  const pack = { command, cache: true, dependsOn: ['^pack'], outputs: [`{workspaceRoot}/dist/${name}`] }
  return JSON.stringify({ name, targets: { pack } })
}

/** What `pack` must have left behind, from the source as it is. */
function expectPacked(): void {
  const text = workspace.read('crates/a/src/lib.rs').repeat(100)
  for (const part of [0, 39]) {
    expect(workspace.read(`dist/a/${part}.txt`) === text).toBe(true)
    expect(workspace.read(`dist/b/${part}.txt`) === text.repeat(100)).toBe(true)
  }
}

describe.each(DAEMON)('with the daemon %s', (_, env) => {
  it('two runs at once leave right results and a right cache, and none is green over a wrong one', async () => {
    workspace.write('crates/a/src/lib.rs', `${LIB}// ${env['NX_DAEMON'] ?? ''}\n`)
    rmSync(join(workspace.root, 'dist'), { recursive: true, force: true })
    const runs = [1, 2].map(() => workspace.start(['run-many', '-t', 'pack'], env).ended)
    const statuses = (await Promise.all(runs)).map(({ status }) => status)
    // Nx clears outputs before it writes them, so one of the two may trip over the other, and is then red.
    expect(statuses).toContain(0)
    const after = workspace.nx(['run-many', '-t', 'pack'], env)
    expect(after).toMatchObject({ status: 0 })
    expectPacked()
    rmSync(join(workspace.root, 'dist'), { recursive: true })
    const cached = workspace.nx(['run-many', '-t', 'pack'], env)
    expect(cached).toMatchObject({ status: 0, output: expect.stringContaining('2 out of 2 tasks') })
    expectPacked()
  })

  it('Ctrl-C in the middle of a test ends all its processes with status 130, and the next run works', async () => {
    workspace.write(
      'crates/b/src/lib.rs',
      '#[test]\nfn works() {\n    std::thread::sleep(std::time::Duration::from_secs(600));\n}\n',
    )
    const running = workspace.start(['run-many', '-t', 'test', '-p', 'b'], env)
    await until(() => processes().length > 0)
    try {
      process.kill(-groupOf(running.child), 'SIGINT')
      expect(await running.ended).toMatchObject({ status: 130, output: expect.not.stringContaining('Successfully ran') })
      await until(() => processes().length === 0)
    } finally {
      spawnSync('kill', ['-KILL', '--', `-${groupOf(running.child)}`])
    }
    workspace.git('checkout', '-q', '--', 'crates/b')
    expect(workspace.nx(['run-many', '-t', 'test', '-p', 'b'], env)).toMatchObject({ status: 0 })
  })
})

/** A pid of 0 would mean the group of this test. */
function groupOf({ pid }: { readonly pid?: number | undefined }): number {
  if (pid === undefined) throw new Error('the command did not start')
  return pid
}

/** Test programs of this workspace that are running. */
function processes(): string[] {
  const { stdout } = spawnSync('ps', ['-eo', 'args'], { encoding: 'utf8' })
  return stdout.split('\n').filter((line) => line.startsWith(join(workspace.root, 'target')))
}

async function until(condition: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 1200; attempt += 1) {
    if (condition()) return
    await sleep(100)
  }
  throw new Error('the condition did not come true within two minutes')
}

/** The flag that makes a private mount namespace here; `undefined` where this user or system cannot. */
const NAMESPACE = ['-m', '-rm'].find((flag) => {
  const folder = mkdtempSync(join(tmpdir(), 'interlock-mount-'))
  const result = spawnSync('unshare', [flag, 'mount', '-t', 'tmpfs', '-o', 'size=16k', 'tmpfs', folder])
  rmSync(folder, { recursive: true })
  return result.status === 0
})

describe.skipIf(NAMESPACE === undefined)('where a private mount can be made', () => {
  /** Runs a command of the workspace while `$1`, a folder of it, is mounted as the script says. */
  const mounted = (script: string, folder: string, command: readonly string[]): NxResult => {
    mkdirSync(join(workspace.root, folder), { recursive: true })
    const words = ['sh', '-c', `${script}; cd "$0" && shift && exec "$@"`, workspace.root, join(workspace.root, folder)]
    return workspace.run(['unshare', NAMESPACE ?? '-m', ...words, ...command])
  }
  const READ_ONLY = 'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1"'
  const FULL = 'mount -t tmpfs -o size=16k tmpfs "$1"'
  const affected = ['affected', '-t', 'pack', '--all']
  const interlock = (): readonly string[] => workspace.interlockCommand
  const nx = (): readonly string[] => [...workspace.nxCommand, 'run-many', '-t', 'pack']

  it('a read-only folder is an error with place, reason and hint, and never green', () => {
    expect(workspace.nx(['run-many', '-t', 'pack'])).toMatchObject({ status: 0 })
    expect(mounted(READ_ONLY, '.', [...interlock(), ...affected])).toMatchObject({
      status: 6,
      output: expect.stringMatching(/FOLDER_NOT_WRITABLE: \.nx\/workspace-data: .*the file system is read-only\s+hint: /),
    })
    expect(mounted(READ_ONLY, '.', nx())).toMatchObject({ status: 1, output: expect.not.stringContaining('Successfully') })
    expect(workspace.interlock(affected)).toMatchObject({ status: 0 })
  })

  it('a full disk is an error with place, reason and hint, and never green', () => {
    expect(mounted(FULL, '.nx', [...interlock(), ...affected])).toMatchObject({
      status: 6,
      output: expect.stringMatching(/FOLDER_NOT_WRITABLE: \.nx\/workspace-data: .*the disk is full\s+hint: /),
    })
    expect(mounted(FULL, '.nx', nx())).toMatchObject({ status: 1, output: expect.not.stringContaining('Successfully') })
  })

  it('an output that does not fit on the disk is red, is not cached, and is whole after the mending', () => {
    workspace.write('crates/a/src/lib.rs', `${LIB}// does not fit\n`)
    expect(mounted(FULL, 'dist', nx())).toMatchObject({ status: 1, output: expect.stringContaining('ENOSPC') })
    expect(workspace.nx(['run-many', '-t', 'pack'])).toMatchObject({ status: 0 })
    expectPacked()
    workspace.git('checkout', '-q', '--', '.')
  })
})
