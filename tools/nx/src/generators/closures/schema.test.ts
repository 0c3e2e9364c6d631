import { expect, it } from 'vitest'
import { generatorSchemaJson } from '../../testing/executor-schema.ts'
import { schema, title } from './schema.ts'

it('the generator has the schema that schema.ts says', async () => {
  await expect(generatorSchemaJson('closures', title, schema)).toMatchFileSnapshot('./schema.json')
})
