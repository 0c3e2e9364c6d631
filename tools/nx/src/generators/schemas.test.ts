import { expect, test } from 'vitest'
import { generatorSchemaJson } from '../testing/executor-schema.ts'
import * as crate from './crate/schema.ts'
import * as init from './init/schema.ts'
import * as pythonPackage from './python-package/schema.ts'

test.each([
  ['init', init],
  ['crate', crate],
  ['python-package', pythonPackage],
])('schema.json of %s is what schema.ts says', async (name, { id, title, schema }) => {
  await expect(generatorSchemaJson(id, title, schema)).toMatchFileSnapshot(`./${name}/schema.json`)
})
