import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const text = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')

/** The first table below each heading that has one. */
function tables(...pages: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const sections = pages.flatMap((page) => text(page).split(/^(?=#+ )/m)).map((section) => section.split('\n'))
  const found = sections.map(([heading = '', ...lines]): [string, readonly string[]] => {
    const start = lines.findIndex((line) => line.startsWith('|'))
    const table = start < 0 ? [] : lines.slice(start)
    const end = table.findIndex((line) => !line.startsWith('|'))
    return [heading, end < 0 ? table : table.slice(0, end)]
  })
  return new Map(found.filter(([, table]) => table.length > 0))
}

describe('the page of the parameters', () => {
  const proved = tables('libs/he/tests/security/tables.md')
  const shown = tables('apps/docs/content/concepts/parameters.md')

  it.each([...proved.keys()])('shows the table of %j as the tests of the crate he compute it', (heading) => {
    expect(proved.get(heading)?.length).toBeGreaterThan(2)
    expect(shown.get(heading)).toEqual(proved.get(heading))
  })

  it('shows no other table, so no figure that nothing computes', () => {
    expect([...shown.keys()]).toEqual([...proved.keys()])
  })
})

describe('the pages of the budget and of what is encrypted', () => {
  const proved = tables('libs/he/tests/figures/figures.md')
  const shown = tables('apps/docs/content/proxy/privacy-budget.md', 'apps/docs/content/proxy/what-is-encrypted.md')

  it.each(['## What a hint does', '## Compared with downloading the matrix'])(
    'show the table of %j as the tests of the crate he compute it',
    (heading) => {
      expect(proved.get(heading)?.length).toBeGreaterThan(2)
      expect(shown.get(heading)).toEqual(proved.get(heading))
    },
  )
})
