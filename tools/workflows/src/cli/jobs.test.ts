import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { verbs } from './index.ts'

it('interlock ci jobs says what each job is for, and what it types', async () => {
  const root = mkdtempSync(join(tmpdir(), 'interlock-jobs-'))
  try {
    writeFileSync(join(root, 'nx.json'), '{}')
    const verb = verbs.find(({ name }) => name === 'ci jobs')
    const outcome = await verb?.run({ root, env: {}, arguments: [], options: {}, rest: [], json: false })
    expect(outcome?.prose).toContain('  gate: the one check that the branch requires\n    npx --no interlock ci gate')
    expect(outcome?.data).toMatchObject({
      workflows: [
        { file: 'ci.yml', satisfies: ['CI-1'] },
        {
          file: 'dependabot-auto-merge.yml',
          jobs: [{ id: 'plan' }, { commands: ['dependabot/fetch-metadata', expect.any(String)] }],
        },
        { file: 'maintenance.yml' },
      ],
    })
  } finally {
    rmSync(root, { recursive: true })
  }
})
