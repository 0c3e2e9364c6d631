import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Outcome } from '@interlock/cli'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { verbs } from './index.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'interlock-adopt-'))
  write('nx.json', '{ "plugins": ["@interlock/nx/plugin"] }')
  write('package.json', '{}')
})
afterEach(() => rmSync(root, { recursive: true }))

const WORKFLOW = 'on: [push, issues]\njobs:\n  test:\n    steps:\n      - run: cargo test\n      - run: ./deploy.sh\n'

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}

async function run(name: string): Promise<Outcome> {
  const verb = verbs.find((one) => one.name === name)
  if (verb === undefined) throw new Error('no such verb')
  return verb.run({ root, env: {}, arguments: [], options: {}, rest: [], json: false })
}

/** Every file with its text. */
function everything(): Record<string, string> {
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return Object.fromEntries(
    files.map(({ parentPath, name }) => [join(parentPath, name), readFileSync(join(parentPath, name), 'utf8')]),
  )
}

it('says what the pipeline of this workspace replaces, and writes nothing', async () => {
  write('.github/workflows/mine.yaml', WORKFLOW)
  write('.github/actions/own/action.yml', 'runs:\n  using: composite\n  steps:\n    - run: npm ci\n')
  const before = everything()
  const outcome = await run('ci adopt')
  expect(everything()).toEqual(before)
  expect(outcome.status).toBe(0)
  expect(outcome.prose).toMatchInlineSnapshot(`
    ".github/actions/own/action.yml
      .github/actions/own/action.yml:1: job runs -> nothing generated; 0 differ, 0 left, 0 unknown
        replaced  .github/actions/own/action.yml:4: command npm ci (by setup)

    .github/workflows/mine.yaml
      replaced  .github/workflows/mine.yaml:1: trigger push
      left      .github/workflows/mine.yaml:1: trigger issues (no generated workflow starts for it)
      .github/workflows/mine.yaml:3: job test -> rust-tests; 0 differ, 0 left, 1 unknown
        replaced  .github/workflows/mine.yaml:5: command cargo test (by rust-tests; the target test)
        unknown   .github/workflows/mine.yaml:6: command ./deploy.sh

    2 files, 0 of them unreadable; 2 jobs: 3 things replaced, 0 differ, 1 left, 1 unknown. Nothing was written."
  `)
})

it('has nothing to say of generated files alone, and names a file that is in their way', async () => {
  await run('ci generate')
  expect(await run('ci adopt')).toMatchObject({ status: 0, prose: 'no workflow is written by hand' })
  write('.github/workflows/ci.yml', WORKFLOW)
  expect(await run('ci adopt')).toMatchObject({
    status: 0,
    prose: expect.stringContaining('.github/workflows/ci.yml: in the way of a generated file of that name'),
    data: { totals: { files: 1, unreadable: 0, jobs: 1 } },
  })
})

it('promise-1: is inconclusive where a file could not be read', async () => {
  write('.github/workflows/broken.yml', 'on: push\njobs: [\n')
  symlinkSync('/etc/hostname', join(root, '.github/workflows/link.yml'))
  const outcome = await run('ci adopt')
  expect(outcome).toMatchObject({ status: 3, data: { totals: { files: 2, unreadable: 2 } } })
  expect(outcome.prose).toContain('.github/workflows/broken.yml:3: unknown, since it could not be read: not valid YAML')
  expect(outcome.prose).toContain('.github/workflows/link.yml: unknown, since it could not be read: it is no regular file')
})

it('needs no folder .github', async () => {
  expect(await run('ci adopt')).toMatchObject({ status: 0, prose: 'no workflow is written by hand' })
})
