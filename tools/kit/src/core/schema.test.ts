import { expect, test } from 'vitest'
import { z } from 'zod'
import { executorSchema, generatorSchema, parseOptions, schemaText } from './schema.ts'

const schema = z
  .strictObject({
    command: z.array(z.string()).min(1).describe('The words.'),
    cwd: z.string().default('.').describe('Where.'),
  })
  .describe('Runs a command.')

test('the schema of an executor is what Nx reads', () => {
  expect(schemaText(executorSchema(schema, { id: 'InterlockExec', title: 'Run a command' }))).toMatchInlineSnapshot(`
    "{
      "$schema": "https://json-schema.org/schema",
      "$id": "InterlockExec",
      "version": 2,
      "outputCapture": "direct-nodejs",
      "title": "Run a command",
      "description": "Runs a command.",
      "type": "object",
      "properties": {
        "command": {
          "minItems": 1,
          "type": "array",
          "items": {
            "type": "string"
          },
          "description": "The words."
        },
        "cwd": {
          "default": ".",
          "description": "Where.",
          "type": "string"
        }
      },
      "required": [
        "command"
      ],
      "additionalProperties": false
    }
    "
  `)
})

test('the schema of a generator names its command line, and a description given by name wins', () => {
  const json = generatorSchema(schema, { id: 'InterlockCrate', title: 'A crate', description: 'Makes a crate.' })
  expect(json).toMatchObject({ $id: 'InterlockCrate', cli: 'nx', title: 'A crate', description: 'Makes a crate.' })
  expect(json).not.toHaveProperty('version')
})

test('options come back with their defaults', () => {
  expect(parseOptions(schema, { command: ['ls'] }, { what: 'the options of exec' })).toEqual({ command: ['ls'], cwd: '.' })
})

test('every problem is listed with its path', () => {
  const parse = (): unknown =>
    parseOptions(schema, { command: ['ls', 1], cdw: 'x' }, { what: 'the options of exec', file: 'nx.json' })
  expect(parse).toThrowErrorMatchingInlineSnapshot(`
    [InterlockError: CONFIG_INVALID: nx.json: the options of exec are not valid:
      command[1]: Invalid input: expected string, received number
      cdw: there is no such option]
  `)
})

test('a key is written so that it cannot look like more than a key', () => {
  const names = z.record(z.string().regex(/^[a-z]+$/u, 'is not a name'), z.number())
  expect(() => parseOptions(names, { ok: 1, 'a\n::x': 2 }, { what: 'the numbers' })).toThrow(
    'the numbers are not valid:\n  ["a\\n::x"]: is not a name',
  )
})

test('a value that is no object at all is a problem too', () => {
  expect(() => parseOptions(schema, 'x', { what: 'the options', hint: 'h' })).toThrow(
    '(all): Invalid input: expected object, received string',
  )
})
