import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const text = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')

/** The first table below each heading. */
function tables(markdown: string): ReadonlyMap<string, readonly string[]> {
  const sections = markdown.split(/^(?=#+ )/m).map((section) => section.split('\n'))
  return new Map(
    sections.map(([heading = '', ...lines]) => {
      const start = lines.findIndex((line) => line.startsWith('|'))
      const table = start < 0 ? [] : lines.slice(start)
      const end = table.findIndex((line) => !line.startsWith('|'))
      return [heading, end < 0 ? table : table.slice(0, end)]
    }),
  )
}

describe('the page of the parameters', () => {
  const proved = tables(text('libs/he/tests/security/tables.md'))
  const shown = tables(text('apps/docs/content/concepts/parameters.md'))

  it.each([...proved.keys()])('shows the table of %j as the tests of the crate he compute it', (heading) => {
    expect(proved.get(heading)?.length).toBeGreaterThan(2)
    expect(shown.get(heading)).toEqual(proved.get(heading))
  })

  it('shows no other table, so no figure that nothing computes', () => {
    const headings = [...shown].filter(([, table]) => table.length > 0).map(([heading]) => heading)
    expect(headings).toEqual([...proved.keys()])
  })
})
