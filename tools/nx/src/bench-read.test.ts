import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

it('the bench of the readers measures every step of both readers', () => {
  const bench = fileURLToPath(new URL('../bench/read.mjs', import.meta.url))
  const ended = spawnSync(process.execPath, [bench, '20', '1'], { encoding: 'utf8' })
  expect(ended).toMatchObject({ status: 0 })
  expect(ended.stdout).toContain('20 crates and 20 Python projects;')
  for (const step of ['cold', 'warm', 'after two manifest edits', 'after two lock edits'])
    expect(ended.stdout).toMatch(new RegExp(`${step} .*\\d+\\.\\d \\(\\d+\\.\\d\\)`))
})
