import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import type { Outcome } from '@interlock/cli'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { REPOSITORY } from '../testing/generated.ts'
import { refereeHere } from '../testing/referees.ts'
import { verbs } from './index.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'interlock-policy-'))
  write('nx.json', '{}')
})
afterEach(() => rmSync(root, { recursive: true }))

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}

async function run(name: string, folder: string, env: Readonly<Record<string, string | undefined>>): Promise<Outcome> {
  const verb = verbs.find((candidate) => candidate.name === name)
  if (verb === undefined) throw new Error(`there is no verb ${name}`)
  return verb.run({ root: folder, env, arguments: [], options: {}, rest: [], json: false })
}

const referees = await Promise.all((['zizmor', 'actionlint', 'check-jsonschema', 'act'] as const).map(refereeHere))
const missing = referees.some((referee) => referee.missing)

describe('interlock ci policy', () => {
  it.skipIf(missing)(`finds nothing in this repository (${referees.map(({ title }) => title).join(', ')})`, async () => {
    const outcome = await run('ci policy', REPOSITORY, process.env)
    expect(outcome).toMatchObject({
      status: 0,
      data: { 'ci lint': { status: 0 }, 'ci pins --check': { status: 0 }, 'ci referees': { status: 0, clean: true } },
    })
  })

  it.skipIf(missing)('finds nothing where the jobs prove to a cache who they are, and each says why', async () => {
    write('interlock.yaml', 'ci: { remoteCache: true }\n')
    await run('ci generate', root, {})
    const folders = referees.flatMap(({ found }) => (found.kind === 'found' ? dirname(found.program) : []))
    const outcome = await run('ci policy', root, { ...process.env, PATH: [...folders, process.env['PATH']].join(delimiter) })
    expect(outcome.status === 0 ? '' : outcome.prose).toBe('')
    expect(readFileSync(join(root, '.github/workflows/ci.yml'), 'utf8')).toContain('id-token: write # interlock: ignore')
  })

  it('promise-1: is not green where a part of it was not run', async () => {
    await run('ci generate', root, {})
    const outcome = await run('ci policy', root, { PATH: root })
    expect(outcome).toMatchObject({
      status: 6,
      data: { 'ci lint': { status: 0 }, 'ci pins --check': { status: 0 }, 'ci referees': { status: 6, clean: false } },
    })
  })

  it('takes the versions that interlock.yaml names', async () => {
    const pin = `{ version: v9.0.0, sha: '${'1'.repeat(40)}', reviewed: today }`
    write('interlock.yaml', `ci:\n  pins:\n    actions/checkout: ${pin}\n`)
    await run('ci generate', root, {})
    const { data } = await run('ci policy', root, { PATH: root })
    expect(data).toMatchObject({ 'ci lint': { status: 0, findings: [] }, 'ci pins --check': { status: 0, findings: [] } })
  })

  it('promise-1: tells the error of one part, and runs the others all the same', async () => {
    await run('ci generate', root, {})
    write('interlock.yaml', 'ci: { pins: 3 }\n')
    const outcome = await run('ci policy', root, { PATH: root })
    expect(outcome).toMatchObject({
      status: 6,
      data: {
        'ci lint': { status: 0 },
        'ci pins --check': { status: 2, error: { code: 'CONFIG_INVALID' } },
        'ci referees': { status: 6 },
      },
    })
    expect(outcome.prose).toContain('ci.pins')
  })

  it('promise-1: is red for a finding, whatever else was not run', async () => {
    await run('ci generate', root, {})
    write('.github/workflows/own.yml', 'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: a/b@v1\n')
    const outcome = await run('ci policy', root, { PATH: root })
    expect(outcome.status).toBe(1)
    expect(outcome.prose).toContain('a/b is used by the name v1')
    expect(outcome.prose.match(/^ci (?:lint|pins --check|referees)$/gmu)).toHaveLength(3)
  })
})
