import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runProcess } from '@interlock/kit'
import { expect, test } from 'vitest'
import type { AttackResult } from './attack.ts'
import { verdict } from './verdict.ts'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))

test('promise-4: a poisoned build reaches main through an ordinary cache, and not through this one (npm run demo:creep)', async () => {
  const result = await runProcess(['npm', 'run', '--silent', 'demo:creep', '--', '--json'], { cwd: ROOT })
  if (result.kind !== 'exited') throw new Error(`the demonstration was not run: ${result.kind}`)
  expect(result.status === 0 ? '' : result.stdout + result.stderr).toBe('')
  const { holds, results } = JSON.parse(result.stdout) as { readonly holds: boolean; readonly results: readonly AttackResult[] }
  expect(holds).toBe(true)
  const page = readFileSync(join(ROOT, 'apps/docs/content/guides/cache-attack.md'), 'utf8')
  expect(page).toContain(verdict(results).text)
  expect(results).toMatchObject([
    { attacker: 'same-repository', pullRequest: 'POISONED', again: 'POISONED', shipped: 'POISONED', answeredByCache: true },
    { attacker: 'fork', pullRequest: 'POISONED', again: 'hello, world', shipped: 'hello, world' },
    { attacker: 'same-repository', pullRequest: 'POISONED', again: 'POISONED', shipped: 'hello, world', answeredByCache: false },
    { attacker: 'fork', pullRequest: 'POISONED', again: 'hello, world', shipped: 'hello, world' },
  ])
}, 300_000)
