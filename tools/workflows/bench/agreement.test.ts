import { expect, it } from 'vitest'
import { agreement, type Said } from './agreement.ts'

const said = (audit: string, first: number, last: number = first): Said => ({ audit, file: 'a.yml', places: [{ first, last }] })

it('counts what both find, and what one of them finds alone', () => {
  const ours = [said('artipacked', 12), said('artipacked', 40), said('only-ours', 1)]
  const theirs = [said('artipacked', 10, 11), said('artipacked', 20, 22), said('only-theirs', 1)]
  expect(agreement(ours, theirs)).toEqual([
    { audit: 'artipacked', theirs: 2, agreed: 1, ours: 2, alone: 1 },
    { audit: 'only-ours', theirs: 0, agreed: 0, ours: 1, alone: 1 },
    { audit: 'only-theirs', theirs: 1, agreed: 0, ours: 0, alone: 0 },
  ])
})

it('keeps files apart', () => {
  expect(agreement([said('a', 1)], [{ ...said('a', 1), file: 'b.yml' }])).toMatchObject([{ agreed: 0, alone: 1 }])
})
