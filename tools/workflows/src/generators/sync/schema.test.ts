import { generatorSchema, schemaText } from '@interlock/kit'
import { expect, it } from 'vitest'
import { schema, title } from './schema.ts'

it('the generator has the schema that schema.ts says', async () => {
  await expect(schemaText(generatorSchema(schema, { id: 'InterlockWorkflowsSync', title }))).toMatchFileSnapshot('./schema.json')
})
