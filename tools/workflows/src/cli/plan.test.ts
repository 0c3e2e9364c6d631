import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Invocation, Outcome } from '@interlock/cli'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { verbs } from './index.ts'

const root = fileURLToPath(new URL('../../../../', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'interlock-plan-'))

beforeAll(() => {
  vi.stubEnv('NX_DAEMON', 'false')
  vi.stubEnv('NX_ISOLATE_PLUGINS', 'false')
})
afterAll(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

async function plan(options: Invocation['options'], env: Invocation['env'] = {}): Promise<Outcome> {
  const verb = verbs.find(({ name }) => name === 'ci plan')
  if (verb === undefined) throw new Error('no such verb')
  return verb.run({ root, env, arguments: [], options: { targets: ['test'], ...options }, rest: [], json: true })
}

function outputs(file: string): Record<string, unknown> {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n')
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf('=')), JSON.parse(line.slice(line.indexOf('=') + 1))]),
  )
}

describe('interlock ci plan, with the real Nx of this repository,', () => {
  it('divides everything over the jobs, and tells later jobs', async () => {
    const env = { GITHUB_OUTPUT: join(folder, 'output'), GITHUB_STEP_SUMMARY: join(folder, 'summary.md') }
    const { status, prose, data } = await plan({ all: true, wall: '1', maxShards: '3' }, env)
    expect(status).toBe(0)
    const given = outputs(env.GITHUB_OUTPUT)
    expect(given['expected']).toEqual({
      'python-tests': 'run',
      'rust-tests': 'run',
      'build-docs': 'run',
      'typescript-tests': 'run',
      'other-tests': 'empty',
    })
    const rust = given['rust-tests'] as { include: { projects: string }[] }
    expect(rust.include.map(({ projects }) => projects).sort()).toEqual(['he', 'proxy'])
    expect(given['typescript-tests']).toMatchObject({ include: [{ shard: 1, shards: 3 }, { shard: 2 }, { shard: 3 }] })
    expect(given['other-tests']).toEqual({ include: [] })
    expect(data).toMatchObject({ base: { kind: 'everything', cause: 'asked' }, expected: given['expected'] })
    expect(prose).toMatch(/^everything: asked for with --all\n\njob +machines +projects +longest\npython-tests +2 +2 /)
    expect(readFileSync(env.GITHUB_STEP_SUMMARY, 'utf8')).toContain('\n| other-tests | empty | 0 | - |\n')
  })

  it.each([
    [{ wall: '0' }, '--wall takes a whole number from 1 to 86400, not "0"'],
    [{ wall: '1.5' }, '--wall takes a whole number'],
    [{ maxShards: '257' }, '--max-shards takes a whole number from 1 to 256, not "257"'],
    [{ maxShards: '1e2' }, '--max-shards takes a whole number'],
    [{ targets: [','] }, '--targets names nothing'],
  ])('refuses %j', async (options, says) => {
    await expect(plan({ all: true, ...options })).rejects.toThrow(says)
  })

  it('promise-1: plans nothing for a base that is not there', async () => {
    await expect(plan({ base: 'nosuch' })).rejects.toMatchObject({ code: 'BASE_UNREACHABLE' })
    await expect(plan({ base: '' })).rejects.toMatchObject({ code: 'BASE_EMPTY' })
  })
})
