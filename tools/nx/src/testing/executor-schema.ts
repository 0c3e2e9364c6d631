import { z } from 'zod'

/** The text of an executor's schema.json, as generated from its schema.ts. */
export function schemaJson(title: string, schema: z.ZodType): string {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io: 'input', target: 'draft-7' })
  return `${JSON.stringify({ $schema: 'https://json-schema.org/schema', version: 2, title, ...json }, null, 2)}\n`
}

/** The same for a generator. */
export function generatorSchemaJson(id: string, title: string, schema: z.ZodType): string {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io: 'input', target: 'draft-7' })
  return `${JSON.stringify({ $schema: 'https://json-schema.org/schema', $id: id, cli: 'nx', title, ...json }, null, 2)}\n`
}
