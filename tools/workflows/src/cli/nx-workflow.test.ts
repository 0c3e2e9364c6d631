import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createTestWorkspace, linkNodeModules, nx, type TestWorkspace } from '@interlock/kit/testing'
import type { ProcessResult } from '@interlock/kit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { REPOSITORY } from '../testing/generated.ts'

const PAGE = join(REPOSITORY, 'apps', 'docs', 'content', 'benchmarks', 'nx-workflow.md')
let workspace: TestWorkspace

beforeAll(async () => {
  workspace = await createTestWorkspace({
    files: {
      '.gitignore': 'node_modules\n.nx\n',
      'nx.json': '{ "analytics": false, "cacheDirectory": ".nx/cache" }',
      'package.json': '{ "name": "w", "private": true }',
      'a/project.json': '{ "name": "a", "targets": { "test": { "command": "exit 1" } } }',
    },
  })
  await linkNodeModules(workspace, REPOSITORY)
  await nx(workspace, ['g', '@nx/workspace:ci-workflow', '--ci=github', '--no-interactive'])
  await workspace.commit('what Nx generates')
  await workspace.write('a/source', 'broken')
  await workspace.commit('a change whose test fails')
}, 120_000)
afterAll(async () => workspace.dispose())

async function interlock(...words: readonly string[]): Promise<ProcessResult> {
  const program = join(REPOSITORY, 'node_modules', '@interlock', 'cli', 'bin', 'interlock.js')
  return workspace.run([process.execPath, program, ...words], { timeoutMs: 100_000 })
}

/** Rules and their counts, as the page shows them. */
function shown(): Record<string, number> {
  const rows = readFileSync(PAGE, 'utf8').matchAll(/^\| `([\w-]+)` \| .* \| (\d+) \| 0 \|$/gmu)
  return Object.fromEntries([...rows].map(([, rule = '', count]) => [rule, Number(count)]))
}

async function findings(): Promise<Record<string, number>> {
  const ended = await interlock('ci', 'lint', '--json')
  if (ended.kind !== 'exited') throw new Error('the lint did not end')
  const { findings: found } = JSON.parse(ended.stdout) as { readonly findings: readonly { readonly rule: string }[] }
  const counts: Record<string, number> = {}
  for (const { rule } of found) counts[rule] = (counts[rule] ?? 0) + 1
  return counts
}

describe('beside what Nx generates for GitHub Actions', () => {
  it('the page shows what the lint finds in it', async () => {
    const found = await findings()
    expect(found).toEqual(shown())
    expect(found['unpinned-uses']).toBeGreaterThan(0)
    expect(found['missing-timeout']).toBe(1)
  })

  it('promise-1: an empty base is green with plain Nx although a test fails, and refused here', async () => {
    const plain = await nx(workspace, ['affected', '-t', 'test', '--base='])
    expect(plain).toMatchObject({ kind: 'exited', status: 0, stdout: expect.stringContaining('No tasks were run') })
    const ours = await interlock('affected', '-t', 'test', '--base=')
    expect(ours).toMatchObject({ kind: 'exited', status: 2, stderr: expect.stringContaining('BASE_EMPTY') })
  })

  it('promise-1: the failing test is found by both where the base is right', async () => {
    expect(await nx(workspace, ['affected', '-t', 'test', '--base=HEAD~1'])).toMatchObject({ kind: 'exited', status: 1 })
    expect(await interlock('affected', '-t', 'test', '--base=HEAD~1')).toMatchObject({ kind: 'exited', status: 1 })
  })
})
