import { describe, expect, it } from 'vitest'
import type { Entry } from '../entry.ts'
import { divergenceOf } from './divergence.ts'
import { createDivergenceWatch } from './watch.ts'

function row(scope: string, content: string | undefined, more: Partial<Entry> = {}): Entry {
  const writer = { issuer: 'issuer' }
  const known = content === undefined ? {} : { content }
  return {
    workspace: 'acme',
    tool: 'nx',
    scope,
    hash: '1',
    digest: 'd',
    size: 1,
    created: 7,
    writer,
    state: 'live',
    ...known,
    ...more,
  }
}

describe('a hash in several scopes', () => {
  it('diverges when its content differs, and says what each scope holds', () => {
    expect(divergenceOf([row('trusted/main', 'a'), row('pr/1', 'b')])).toEqual({
      workspace: 'acme',
      tool: 'nx',
      hash: '1',
      scopes: [
        { scope: 'pr/1', content: 'b', created: 7 },
        { scope: 'trusted/main', content: 'a', created: 7 },
      ],
    })
  })

  it('does not diverge when only the bytes differ, or one content is not known, or there is one scope', () => {
    expect(divergenceOf([row('trusted/main', 'a', { digest: '1' }), row('pr/1', 'a', { digest: '2' })])).toBeUndefined()
    expect(divergenceOf([row('trusted/main', 'a'), row('pr/1', undefined)])).toBeUndefined()
    expect(divergenceOf([row('trusted/main', 'a')])).toBeUndefined()
    expect(divergenceOf([])).toBeUndefined()
  })

  it('still diverges when one of them is quarantined: that is what somebody looks into', () => {
    expect(divergenceOf([row('trusted/main', 'a'), row('pr/1', 'b', { state: 'quarantined' })])).toBeDefined()
  })

  it('is compared within one workspace, tool and hash only, and listed in order', () => {
    const rows = [
      row('pr/1', 'a', { hash: '2' }),
      row('pr/2', 'b', { hash: '2' }),
      row('pr/1', 'a'),
      row('pr/2', 'b'),
      row('pr/3', 'c', { tool: 'turbo' }),
      row('pr/3', 'c', { workspace: 'other' }),
      row('pr/4', 'a', { hash: '3' }),
      row('pr/5', 'a', { hash: '3' }),
    ]
    const watch = createDivergenceWatch()
    const found = rows.map((one) => watch.add(one)?.hash)
    expect(found).toEqual([undefined, '2', undefined, '1', undefined, undefined, undefined, undefined])
    expect(watch.list('acme').map(({ tool, hash }) => `${tool} ${hash}`)).toEqual(['nx 1', 'nx 2'])
    expect(watch.list('other')).toEqual([])
    watch.remove(rows[0]!)
    expect(watch.list('acme').map(({ hash }) => hash)).toEqual(['1'])
    watch.remove(rows[0]!)
    expect(watch.add(row('pr/2', 'a'))).toBeUndefined()
    expect(watch.list('acme')).toEqual([])
  })
})
