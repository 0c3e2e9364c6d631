import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Outcome } from '@interlock/cli'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { PINS } from '../core/pipeline/pins.ts'
import { verbs } from './index.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'interlock-pins-'))
  write('nx.json', '{}')
})
afterEach(() => rmSync(root, { recursive: true }))

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}

async function run(name: string, options: Readonly<Record<string, unknown>> = {}, env = {}): Promise<Outcome> {
  const verb = verbs.find((one) => one.name === name)
  if (verb === undefined) throw new Error('no such verb')
  return verb.run({ root, env, arguments: [], options, rest: [], json: false })
}

const pins = (options: Readonly<Record<string, unknown>> = {}, env = {}): Promise<Outcome> => run('ci pins', options, env)
const USE = `actions/checkout@${PINS.checkout.sha} # ${PINS.checkout.version}`

describe('interlock ci pins', () => {
  it('lists every action of the catalogue with its commit', async () => {
    const { status, prose, data } = await pins()
    expect(status).toBe(0)
    expect(prose.split('\n')).toHaveLength(1 + Object.keys(PINS).length)
    expect(prose).toMatch(new RegExp(`^actions/checkout +${PINS.checkout.version} +${PINS.checkout.sha} +node24 +2026-`, 'mu'))
    expect(data).toMatchObject({
      pins: expect.arrayContaining([expect.objectContaining({ action: 'github/codeql-action/init' })]) as unknown,
    })
  })

  it.each([
    [{ check: true, update: true }, /two questions/u],
    [{ online: true }, /--online belongs to --check/u],
    [{ write: true, check: true }, /--write belongs to --update/u],
    [{ update: true, timeout: '0' }, /--timeout takes whole seconds/u],
    [{ check: true, online: true, timeout: '1e3' }, /--timeout takes whole seconds/u],
  ])('refuses %j', async (options, message) => {
    await expect(pins(options)).rejects.toThrow(message)
  })

  it('asks no server whose address has a password', async () => {
    const asked = pins({ update: true }, { GITHUB_SERVER_URL: 'https://me:hunter2@example.invalid' })
    await expect(asked).rejects.toThrow(/^USAGE: the variable GITHUB_SERVER_URL holds a name or a password/u)
  })

  it('refuses what interlock.yaml says of no commit, with the place', async () => {
    write('interlock.yaml', 'ci:\n  pins:\n    actions/cache:\n      version: v6.1.1\n      sha: abc\n      reviewed: me\n')
    await expect(pins()).rejects.toThrow(/^CONFIG_INVALID: interlock\.yaml:5:\d+: /u)
  })
})

describe('interlock ci pins --check', () => {
  it('is content with what generate writes, and says what it did not look at', async () => {
    await run('ci generate')
    expect(await pins({ check: true })).toMatchObject({
      status: 0,
      data: { findings: [], notChecked: [{ reason: 'that needs the network: --online' }] },
      prose: expect.stringMatching(/^not checked: whether each tag still points at its commit/u),
    })
  })

  it('is content with a version of interlock.yaml as soon as the files are generated again', async () => {
    write(
      'interlock.yaml',
      `ci:\n  pins:\n    actions/checkout:\n      version: v7.9.9\n      sha: ${'c'.repeat(40)}\n      reviewed: me\n`,
    )
    await run('ci generate')
    expect(await pins({ check: true })).toMatchObject({ status: 0 })
    write('interlock.yaml', '')
    expect(await pins({ check: true })).toMatchObject({ status: 1 })
  })

  it('reads hand-written workflows and actions too, and those that they name elsewhere', async () => {
    write(
      '.github/workflows/mine.yaml',
      `jobs:\n  a:\n    steps:\n      - uses: ${USE}\n      - uses: actions/checkout@v4\n      - uses: ./tools/act\n`,
    )
    write('.github/actions/deep/er/action.yml', 'runs:\n  steps:\n    - uses: other/one@v1\n')
    write('tools/act/action.yaml', 'runs:\n  steps:\n    - uses: other/two@v1\n    - uses: $/tools/act\n')
    const { status, data } = await pins({ check: true })
    expect(status).toBe(1)
    expect((data as { findings: { file: string; line: number }[] }).findings.map(({ file, line }) => `${file}:${line}`)).toEqual([
      '.github/actions/deep/er/action.yml:3',
      '.github/workflows/mine.yaml:5',
      'tools/act/action.yaml:3',
    ])
  })

  it('promise-1: says of every file and path that it cannot follow', async () => {
    write('.github/workflows/mine.yml', 'uses: ./gone\n---\nuses: $/also-gone\n')
    write('.github/workflows/b.yml', 'jobs:\n  a:\n    uses: ./.github/workflows/gone.yml\n')
    symlinkSync('/etc/hostname', join(root, '.github/workflows/link.yml'))
    symlinkSync('/', join(root, '.github/all'))
    const { prose } = await pins({ check: true })
    expect(prose).toContain('.github/workflows/b.yml:3: ./.github/workflows/gone.yml is not in this repository')
    expect(prose).toContain('.github/workflows/link.yml: is no regular file')
    expect(prose).toContain('.github/all: is no regular file')
    expect(prose).toMatch(/^\.github\/workflows\/mine\.yml:\d: is not valid YAML/mu)
  })

  it('promise-1: does not take a folder behind a link for no folder', async () => {
    write('elsewhere/workflows/mine.yml', 'jobs:\n  a:\n    steps:\n      - uses: other/one@v1\n')
    symlinkSync('elsewhere', join(root, '.github'))
    const { status, prose } = await pins({ check: true })
    expect(status).toBe(1)
    expect(prose).toContain('.github: is no regular file, so what it uses is not known')
  })

  it('needs no folder .github', async () => {
    expect(await pins({ check: true })).toMatchObject({ status: 0, data: { uses: 0 } })
  })
})
