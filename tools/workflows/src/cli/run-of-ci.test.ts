import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Outcome } from '@interlock/cli'
import { verbs as nxVerbs } from '@interlock/nx/cli'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { stubNxEnvironment } from '../testing/nx-environment.ts'
import { verbs } from './index.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const REPOSITORY = fileURLToPath(new URL('../../../../', import.meta.url))
const root = mkdtempSync(join(tmpdir(), 'interlock-run-'))

const crate = (name: string): Record<string, string> => ({
  [`crates/${name}/Cargo.toml`]: `[package]\nname = "${name}"\nversion = "0.1.0"\nedition = "2024"\n`,
  [`crates/${name}/src/lib.rs`]: '',
})
const FILES: Readonly<Record<string, string>> = {
  '.gitignore': 'node_modules\n.nx\n',
  'nx.json': '{ "analytics": false, "cacheDirectory": ".nx/cache", "plugins": ["@interlock/nx/plugin"] }',
  'package.json': '{ "name": "w", "private": true }',
  'tsconfig.base.json': readFileSync(join(REPOSITORY, 'tsconfig.base.json'), 'utf8'),
  'Cargo.toml': '[workspace]\nmembers = ["crates/*"]\nresolver = "2"\n',
  ...crate('one'),
  ...crate('two'),
}

function git(...args: readonly string[]): string {
  const who = ['-c', 'user.name=test', '-c', 'user.email=test@example.invalid']
  return execFileSync('git', [...who, ...args], { cwd: root, encoding: 'utf8' }).trim()
}

function commit(path: string, text: string): string {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
  git('add', '-A')
  git('commit', '-q', '-m', path)
  return git('rev-parse', 'HEAD')
}

beforeAll(() => {
  stubNxEnvironment()
  git('init', '-q', '-b', 'main')
  for (const [path, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  symlinkSync(join(REPOSITORY, 'node_modules'), join(root, 'node_modules'), 'junction')
})
afterAll(() => {
  vi.unstubAllEnvs()
  rmSync(root, { recursive: true })
})

function run(name: string, env: Readonly<Record<string, string>>, options: object = {}): Promise<Outcome> {
  const verb = [...verbs, ...nxVerbs].find((each) => each.name === name)
  if (verb === undefined) throw new Error('no such verb')
  return verb.run({ root, env, arguments: [], options: { ...options }, rest: [], json: true })
}

it('promise-1: plan, machines and gate of one run are of one commit and one base, and refuse those of another', async () => {
  const base = commit('crates/one/src/lib.rs', '// base\n')
  const head = commit('crates/two/src/lib.rs', '// change\n')
  const output = join(root, '.nx', 'output')
  const event = join(root, '.nx', 'event.json')
  mkdirSync(dirname(event), { recursive: true })
  writeFileSync(
    event,
    JSON.stringify({
      pull_request: { number: 7, base: { sha: base, ref: 'main' }, head: { sha: head } },
      repository: { default_branch: 'main' },
    }),
  )
  await run('ci plan', { GITHUB_OUTPUT: output }, { targets: ['test'], event })
  const lines = readFileSync(output, 'utf8').trimEnd().split('\n')
  const outputs = Object.fromEntries(lines.map((line) => line.split(/=(.*)/su).slice(0, 2))) as Record<string, string>
  expect(JSON.parse(outputs['expected'] ?? '')).toMatchObject({ '@commit': head, '@base': base, 'rust-tests': 'run' })
  expect(JSON.parse(outputs['rust-tests'] ?? '')).toMatchObject({ include: [{ projects: 'two' }] })

  const machine = { INTERLOCK_PLAN: outputs['expected'] ?? '', INTERLOCK_PROJECTS: 'two' }
  expect((await run('base', machine)).data).toMatchObject({ kind: 'commit', commit: base })
  const done = Object.fromEntries(
    Object.entries(JSON.parse(outputs['expected'] ?? '') as Record<string, string>)
      .filter(([name]) => !name.startsWith('@'))
      .map(([name, state]) => [name, { result: state === 'run' ? 'success' : 'skipped' }]),
  )
  const gate = { INTERLOCK_NEEDS: JSON.stringify({ plan: { result: 'success', outputs }, ...done }) }
  expect(await run('ci gate', gate)).toMatchObject({ status: 0 })

  commit('crates/one/src/lib.rs', '// another commit\n')
  expect(await run('ci gate', gate)).toMatchObject({ status: 5 })
  const affected = run('affected', machine, { targets: ['test'] })
  await expect(affected).rejects.toMatchObject({ code: 'PLAN_OF_OTHER_COMMIT', exitStatus: 2 })
})
