import { expect, it } from 'vitest'
import { lintPage } from './lint-page.mjs'

const rule = {
  id: 'unpinned-uses',
  shortDescription: { text: 'Every action is used by its commit' },
  fullDescription: { text: 'A tag moves.' },
  help: { markdown: 'A tag moves.\n\nBefore:\n\n```yaml\na: ${{ b }}\n```' },
  defaultConfiguration: { level: 'error' },
  properties: { corresponds: { zizmor: 'unpinned-uses' } },
}

it('has a section for each rule with who else asks, and Vue reads no expression in it', () => {
  const other = { ...rule, id: 'own', properties: { corresponds: {} } }
  const { properties, ...parser } = { ...rule, id: 'github-parser' }
  expect(properties).toBeDefined()
  const page = lintPage({ runs: [{ tool: { driver: { rules: [rule, other, parser] } } }] })
  expect(page).toContain('asks 2 rules and')
  expect(page).toContain('| `github-parser` | Every action is used by its commit |')
  expect(page).toContain(
    '## unpinned-uses\n\n::: v-pre\nEvery action is used by its commit. (error)\n\nA tag moves.\n\nBefore:\n\n```yaml\na: ${{ b }}\n```\n\nCorresponds to: zizmor `unpinned-uses`.\n:::\n',
  )
  expect(page).toContain('Corresponds to: nothing that a peer asks.')
})

it('refuses to describe no rule', () => {
  expect(() => lintPage({ runs: [] })).toThrow('no rule was found')
})
