import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ROOT, declaredVerbs, json, text } from './repository.ts'

const verbs = declaredVerbs()

it('there are executors and generators to police', () => {
  expect(verbs.filter((verb) => verb.kind === 'executor').length).toBeGreaterThan(0)
  expect(verbs.filter((verb) => verb.kind === 'generator').length).toBeGreaterThan(0)
})

describe.each(verbs)('$kind @interlock/$tool:$name', (verb) => {
  it('has an implementation of its own', () => {
    expect(existsSync(join(ROOT, verb.implementation))).toBe(true)
    expect(join(verb.implementation, '..')).toBe(verb.folder)
  })

  it('says in one sentence what it does', () => {
    expect(verb.description).toMatch(/^[A-Z][^\n]{8,}$/)
  })

  it('has a schema that is generated from schema.ts, refuses unknown options and describes the known ones', () => {
    expect(existsSync(join(ROOT, verb.folder, 'schema.ts'))).toBe(true)
    const schema = json(verb.schema) as { properties?: Record<string, { description?: string }>; additionalProperties?: unknown }
    expect(schema.additionalProperties).toBe(false)
    expect(Object.entries(schema.properties ?? {}).filter(([, { description }]) => !/\w/.test(description ?? ''))).toEqual([])
  })

  it('has a test beside it, and one that compares the schema with its source', () => {
    const tests = [...files(verb.folder), ...files(join(verb.folder, '..'))].filter((file) => file.endsWith('.test.ts'))
    expect(files(verb.folder).some((file) => file.endsWith('.test.ts'))).toBe(true)
    expect(tests.some((file) => /schema\.json|SchemaFile|schemaText|toMatchFileSnapshot/.test(text(file)))).toBe(true)
  })

  it('has a row in the README of its package', () => {
    expect(text(`tools/${verb.tool}/README.md`)).toMatch(new RegExp(`^\\|[^|]*\`(@interlock/${verb.tool}:)?${verb.name}\``, 'm'))
  })
})

function files(folder: string): string[] {
  return readdirSync(join(ROOT, folder)).map((file) => join(folder, file))
}
