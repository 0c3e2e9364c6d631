import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Invocation, Outcome } from '@interlock/cli'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { SOURCES } from '../testing/ci-workspace.ts'
import { stubNxEnvironment } from '../testing/nx-environment.ts'
import { verbs } from './index.ts'

const REPOSITORY = fileURLToPath(new URL('../../../../', import.meta.url))
const root = mkdtempSync(join(tmpdir(), 'interlock-plan-'))

const AUTHOR = ['-c', 'user.name=test', '-c', 'user.email=test@example.invalid']

beforeAll(() => {
  stubNxEnvironment()
  for (const [path, text] of Object.entries(SOURCES)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  symlinkSync(join(REPOSITORY, 'node_modules'), join(root, 'node_modules'), 'junction')
  execFileSync('git', ['init', '-q', '-b', 'main'], { cwd: root })
})
afterAll(() => {
  vi.unstubAllEnvs()
  rmSync(root, { recursive: true })
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

describe('interlock ci plan, with the real Nx,', () => {
  it('divides everything over the jobs, and tells later jobs', async () => {
    mkdirSync(join(root, '.nx'), { recursive: true })
    const env = { GITHUB_OUTPUT: join(root, '.nx', 'output'), GITHUB_STEP_SUMMARY: join(root, '.nx', 'summary.md') }
    const { status, prose, data } = await plan({ all: true, wall: '1', maxShards: '3' }, env)
    expect(status).toBe(0)
    const given = outputs(env.GITHUB_OUTPUT)
    expect(given['expected']).toEqual({
      '@commit': 'none',
      '@base': 'everything',
      '@reason': 'asked for with --all',
      'python-tests': 'run',
      'rust-tests': 'run',
      'build-docs': 'empty',
      'typescript-tests': 'empty',
      'other-tests': 'empty',
    })
    expect(given).not.toHaveProperty('tests')
    const rust = given['rust-tests'] as { include: { projects: string }[] }
    expect(rust.include.map(({ projects }) => projects).sort()).toEqual(['he', 'proxy'])
    expect(rust.include).toMatchObject([
      { shard: 1, shards: 2 },
      { shard: 2, shards: 2 },
    ])
    expect(given['python-tests']).toEqual({ include: [{ shard: 1, shards: 1, projects: 'client' }] })
    expect(given['other-tests']).toEqual({ include: [] })
    expect(data).toMatchObject({ base: { kind: 'everything', cause: 'asked' }, expected: given['expected'] })
    expect(prose).toMatch(/^everything: asked for with --all\n\njob +machines +projects +longest\npython-tests +1 +1 /)
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

  it('promise-1: plans nothing where a target is none of any project, for which no machine would be red', async () => {
    await expect(plan({ all: true, targets: ['test', 'tset'] })).rejects.toMatchObject({ code: 'TARGET_UNKNOWN', exitStatus: 2 })
  })

  it('names the manifest that cannot be read, as every other command does', async () => {
    writeFileSync(join(root, 'crates/he/Cargo.toml'), '[package')
    await expect(plan({ all: true })).rejects.toMatchObject({ code: 'CARGO_MANIFEST_UNREADABLE', exitStatus: 2 })
    writeFileSync(join(root, 'crates/he/Cargo.toml'), SOURCES['crates/he/Cargo.toml'] ?? '')
  })

  it('counts the tests that a change has, and only where it is known what changed', async () => {
    execFileSync('git', ['add', '.'], { cwd: root })
    execFileSync('git', [...AUTHOR, 'commit', '-q', '-m', 'one'], { cwd: root })
    writeFileSync(join(root, 'crates/he/src/lib.rs'), '// changed\n')
    const env = { GITHUB_OUTPUT: join(root, '.nx', 'counted') }
    const { data } = await plan({ base: 'HEAD', targets: ['test', 'lint'] }, env)
    expect(data).toMatchObject({ base: { kind: 'commit' } })
    expect(outputs(env.GITHUB_OUTPUT)['tests']).toBe(2)
  })

  it('promise-1: plans nothing for a base that is not there', async () => {
    await expect(plan({ base: 'nosuch' })).rejects.toMatchObject({ code: 'BASE_UNREACHABLE' })
    await expect(plan({ base: '' })).rejects.toMatchObject({ code: 'BASE_EMPTY' })
  })
})
