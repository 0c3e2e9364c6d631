import type { JsonSchema } from '@interlock/kit'
import { z } from 'zod'
import { policySchema } from './schema.ts'

/** The JSON Schema of a policy file, for editors. */
export function policyJsonSchema(): JsonSchema {
  return { ...z.toJSONSchema(policySchema, { io: 'input', target: 'draft-7' }), title: 'Policy of the Interlock cache' }
}
