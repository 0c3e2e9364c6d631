import { expect, it } from 'vitest'
import { json, text } from './repository.ts'

const PAGE = text('apps/docs/content/guides/cache-s3.md')
const shown = [...PAGE.matchAll(/```json\n([\s\S]+?)```/g)].map(([, code = '']) => JSON.parse(code) as unknown)

it('the guide to buckets shows the policy and the rule that the tests of the server use', () => {
  expect(shown).toEqual([json('apps/cache-server/deploy/s3-policy.json'), json('apps/cache-server/deploy/s3-lifecycle.json')])
})
