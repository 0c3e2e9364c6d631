import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { verbs } from './index.ts'

it('interlock ci jobs says what each job is for, and what it types', async () => {
  const root = fileURLToPath(new URL('../../../../', import.meta.url))
  const verb = verbs.find(({ name }) => name === 'ci jobs')
  const outcome = await verb?.run({ root, env: {}, arguments: [], options: {}, rest: [], json: false })
  expect(outcome?.prose).toContain('  gate: the one check that the branch requires\n    npx --no interlock ci gate')
  expect(outcome?.data).toMatchObject({ workflows: [{ file: 'ci.yml', satisfies: ['CI-1'] }] })
})
