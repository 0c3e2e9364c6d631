import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Copy, copyOfThisClone } from './copy.ts'
import { BENCHES, PROOFS } from './documented-commands.ts'
import { ROOT, TRACKED, json, text } from './repository.ts'

// Some tests start several commands, each of which may take minutes on a busy machine.
vi.setConfig({ hookTimeout: 300_000, testTimeout: 300_000 })

const pages = TRACKED.filter((path) => /^[A-Z]+\.md$/.test(path) || /^apps\/docs\/content\/.+\.md$/.test(path))
const documented = pages.flatMap((page) => commandsOf(text(page)).map((command) => ({ command, page })))

it('the pages name commands', () => {
  expect(pages).toEqual(expect.arrayContaining(['README.md', 'CONTRIBUTING.md', 'apps/docs/content/quick-start.md']))
  expect(documented.length).toBeGreaterThan(20)
})

it.each(documented)('$page: “$command” is proved to work', ({ command }) => {
  const bench = /^npm run (bench:\w+)/.exec(command)?.[1]
  expect(bench === undefined ? Object.keys(PROOFS) : Object.keys(BENCHES)).toContain(bench ?? command)
})

it('no proof is kept for a command that no page names', () => {
  const named = new Set(documented.map(({ command }) => command))
  expect(Object.keys(PROOFS).filter((command) => !named.has(command))).toEqual([])
})

const e2e = Object.entries(PROOFS).flatMap(([command, proof]) => (proof.kind === 'e2e' ? [{ ...proof, command }] : []))

it.each(e2e)('“$command” is run by $by', ({ by, words }) => {
  expect(text(by)).toContain(words)
})

it('every bench can be started, and a test runs it in small', () => {
  const { scripts } = json('package.json') as { readonly scripts: Readonly<Record<string, string>> }
  expect(Object.keys(BENCHES)).toEqual(Object.keys(scripts).filter((name) => name.startsWith('bench:')))
  for (const [name, test] of Object.entries(BENCHES))
    expect(TRACKED).toEqual(expect.arrayContaining([fileOf(scripts[name]), test]))
})

it('“npm test” is what CI types', () => {
  expect(text('.ci/run').trim().split('\n').at(-1)).toBe('exec npm test')
})

const runs = Object.entries(PROOFS).flatMap(([command, proof]) => (proof.kind === 'run' ? [command] : []))

it.each(runs)('“%s” runs as written', (command) => {
  const [program = '', ...args] = command.split(' ')
  const ended = spawnSync(program, args, {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, NX_TUI: 'false' },
    timeout: 120_000,
  })
  // A check that finds something says so with status 1; anything else means that the command does not exist.
  const allowed = command.includes('--check') ? [0, 1] : [0]
  expect(allowed, `${ended.stdout}\n${ended.stderr}`).toContain(ended.status)
  expect(ended.stdout.trim()).not.toBe('')
})

describe('in a copy of this clone', () => {
  let copy: Copy
  beforeAll(() => {
    copy = copyOfThisClone()
    // The Python environments, whichever of the commands is asked for.
    copy.run('npm run setup')
  })
  afterEach(() => copy.restore())
  afterAll(() => copy.dispose())

  const copied = Object.entries(PROOFS).flatMap(([command, proof]) => (proof.kind === 'copy' ? [{ ...proof, command }] : []))

  it.each(copied)('“$command” runs as written', ({ command, env, says, adds, next }) => {
    expect(copy.run(command.replace('NAME', 'example'), env)).toEqual({
      status: 0,
      output: expect.stringMatching(says) as string,
    })
    expect(copy.changes().filter((path) => adds === undefined || path === adds)).toEqual(adds === undefined ? [] : [adds])
    const followed = next === undefined ? [] : [copy.run(next)]
    expect(followed.filter(({ status }) => status !== 0)).toEqual([])
  })
})

it.each(['apps/docs', 'libs/he', 'tools/nx'])('“npm run setup -- --check” runs in %s too', (folder) => {
  const ended = spawnSync('npm', ['run', 'setup', '--', '--check'], { cwd: join(ROOT, folder), encoding: 'utf8' })
  expect(ended.stdout).toMatch(/^(?:ok|missing) +npm packages: /m)
})

it('every npm package passes what a newcomer types on to the root', () => {
  const packages = TRACKED.filter((path) => /^(?:tools|apps)\/[^/]+\/package\.json$/.test(path))
  expect(packages.length).toBeGreaterThan(1)
  for (const path of packages)
    expect(json(path)).toMatchObject({
      scripts: Object.fromEntries(['setup', 'start', 'test'].map((name) => [name, `npm run ${name} --prefix ../.. --`])),
    })
})

/** The script of the repository that an npm script starts. */
function fileOf(script = ''): string {
  return script.split(' ').at(-1) ?? ''
}

/** Commands of the fences marked `sh` or `bash`, one per line. */
function commandsOf(markdown: string): string[] {
  return [...markdown.matchAll(/^```(?:sh|bash)\n([\s\S]*?)^```/gm)]
    .flatMap(([, body = '']) => body.split('\n'))
    .map((line) => line.replace(/^\$ /, '').trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
}
