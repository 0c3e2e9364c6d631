import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { SetupError } from '../error.mjs'
import { ROOT } from '../meta/repository.ts'
import { pythonOfServices, readServices, SERVICES_LOCK } from '../services.mjs'
import type { Context } from '../types.d.ts'
import { browser } from './browser.mjs'
import { services } from './services.mjs'

let root = ''
let log: string[] = []
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'setup-services-'))
  log = []
  for (const file of [
    SERVICES_LOCK,
    'tools/setup/services-identity.mjs',
    'tools/setup/src/services.mjs',
    'tools/setup/src/browser.mjs',
  ]) {
    cpSync(join(ROOT, file), join(root, file))
  }
})
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(root, { force: true, recursive: true })
})

const NAMES = readServices(ROOT)
const ALL = NAMES.join(', ')

function context(extra: Partial<Context> = {}): Context {
  return {
    env: {},
    platform: process.platform,
    pythons: new Map([['3.12', { path: '/p/3.12', version: '3.12.1' }]]),
    root,
    run: async (program, args) => {
      log.push([program, ...args].join(' ').replaceAll(root, '.'))
      write(pythonOfServices({ platform: process.platform, root }), '')
    },
    uv: 'uv',
    ...extra,
  }
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

function identity(env: NodeJS.ProcessEnv = process.env): string {
  return spawnSync(process.execPath, [join(root, 'tools/setup/services-identity.mjs')], { encoding: 'utf8', env }).stdout.trim()
}

describe('the services that tests start', () => {
  it('are installed by hash, once, and again when the lock is another', async () => {
    const found = await services.inspect(context())
    expect(found).toMatchObject({ detail: expect.stringContaining(`${ALL}: not installed`), state: 'needed' })
    if (found.state !== 'needed') throw new Error('nothing to do')
    expect(await found.apply()).toEqual({ detail: ALL, notes: [] })
    expect(log).toEqual([
      'uv venv --quiet --clear --no-project --python /p/3.12 ./.tools/services/python',
      `uv pip sync --quiet --require-hashes --python ./.tools/services/python ./${SERVICES_LOCK}`,
    ])
    expect(await services.inspect(context())).toEqual({ detail: ALL, notes: [], state: 'ready' })
    write(join(root, SERVICES_LOCK), 'moto==9.9.9 \\\n')
    expect(await services.inspect(context())).toMatchObject({ state: 'needed' })
  })

  it('promise-1: are named as not run where they cannot be installed', async () => {
    const pythons = new Map([['3.10', { path: '/p/3.10', version: '3.10.1' }]])
    const notes = NAMES.map((name) => `${name}: not run, because there is no Python 3.11 or newer here`)
    expect(await services.inspect(context({ pythons }))).toEqual({ detail: 'none', notes, state: 'ready' })
  })

  it('promise-1: are named as not run when their installation fails, and set-up goes on', async () => {
    vi.spyOn(console, 'error').mockReturnValue()
    const run = async (): Promise<void> => {
      throw new SetupError('no network', '')
    }
    const found = await services.inspect(context({ run }))
    if (found.state !== 'needed') throw new Error('nothing to do')
    const notes = NAMES.map((name) => `${name}: not run, because its installation failed; the reason is above`)
    expect(await found.apply()).toEqual({ detail: 'none', notes })
    expect(await services.inspect(context())).toMatchObject({ state: 'needed' })
  })

  it('promise-1: a result without them is never replayed as one with them', async () => {
    expect(identity()).toMatch(/^not installed, /)
    write(pythonOfServices({ platform: process.platform, root }), '')
    expect(identity()).toMatch(/^installed, /)
  })
})

describe('the browser that tests look at pages with', () => {
  it('is installed where that can be done, and named as not run elsewhere; set-up never fails for it', async () => {
    vi.spyOn(console, 'error').mockReturnValue()
    const run = async (): Promise<void> => {
      throw new SetupError('no network', '')
    }
    const found = await browser.inspect(context({ env: { PATH: root }, run }))
    const notes =
      found.state === 'needed'
        ? ((await found.apply()) as { notes: readonly string[] }).notes
        : 'notes' in found
          ? found.notes
          : []
    expect(notes).toEqual([expect.stringMatching(/^chromium: not run, because (?:its installation failed|it was not found)/)])
  })

  it('promise-1: a result without it is never replayed as one with it', async () => {
    write(join(root, 'bin', 'chromium'), '')
    expect(await browser.inspect(context({ env: { PATH: join(root, 'bin') } }))).toEqual({
      detail: 'chromium',
      notes: [],
      state: 'ready',
    })
    expect(identity({ PATH: join(root, 'bin') })).toBe('not installed, with a browser')
    expect(identity({ PATH: root })).toBe('not installed, without a browser')
  })
})
