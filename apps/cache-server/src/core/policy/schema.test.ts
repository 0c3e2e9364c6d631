import { schemaText } from '@interlock/kit'
import { expect, it } from 'vitest'
import { policyJsonSchema } from './json-schema.ts'

it('the JSON Schema describes every key and refuses unknown ones', () => {
  const text = schemaText(policyJsonSchema())
  expect(text.match(/"additionalProperties": false/g)?.length).toBeGreaterThan(6)
  for (const key of ['workspaces', 'issuers', 'pin', 'rules', 'anonymous', 'trusted']) expect(text).toContain(`"${key}"`)
})
