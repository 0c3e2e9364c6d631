import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { apiPage, moduleSummary, pythonExports, pythonItems, rustExports, rustItems } from './api-page.mjs'
import { errorPage } from './error-page.mjs'
import { schemaPage } from './schema-pages.mjs'

const text = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')

describe('the API page', () => {
  it('names every public item of the crates with what their sources say', () => {
    const root = text('libs/he/src/lib.rs')
    expect(rustExports(root)).toEqual(expect.arrayContaining(['Matrix', 'EncryptedVector', 'EncryptedScores']))
    expect(rustExports(text('libs/he-client/src/lib.rs'))).toEqual(['SecretKey'])
    const key = rustItems(text('libs/he-client/src/key.rs')).find((item) => item.name === 'SecretKey')
    expect(key).toMatchObject({ kind: 'struct', summary: expect.stringMatching(/\w/) })
    expect(moduleSummary(root)).toMatch(/^The homomorphic product/)
  })

  it('names every public name of the Python packages', () => {
    const stub = text('libs/he-python/interlock_he.pyi')
    expect(pythonExports(stub)).toContain('SecretKey')
    expect(pythonItems(stub).map((item) => item.name)).toEqual(expect.arrayContaining(['HeError', 'SecretKey']))
    expect(pythonExports(text('libs/client-python/src/homomorphic_llm/__init__.py')).length).toBeGreaterThan(0)
  })

  it('refuses a package in which it finds nothing', () => {
    expect(() => apiPage([{ exports: [], intro: '', items: [], title: 'he' }])).toThrow('no public name was found')
  })

  it('shows no tag and no link of another tool', () => {
    const page = apiPage([
      { exports: ['A'], intro: '', items: [{ kind: 'struct', name: 'A', summary: 'A [`Vec<T>`] | b' }], title: 'x' },
    ])
    expect(page).toContain('| `A` | struct | A `Vec&lt;T>` \\| b |')
  })
})

describe('the page of errors', () => {
  it('holds every code of the one table with its exit status', () => {
    const source = text('tools/kit/src/core/error-codes.ts')
    const page = errorPage(source)
    expect(page).toContain('| `BASE_EMPTY` | 2 | no |')
    const codes = [...source.matchAll(/^ {2}([A-Z][A-Z_]+): /gm)]
    expect(page.match(/^\| `[A-Z]/gm)).toHaveLength(codes.length)
  })

  it('is refused when the source has another layout', () => {
    expect(() => errorPage('export const CODES = {}')).toThrow('layout must have changed')
  })
})

describe('a page of options', () => {
  it('has a section per entry and a row per option', () => {
    const schema = {
      properties: { a: { default: 1, type: 'number' }, b: { description: 'x | y', items: { type: 'string' }, type: 'array' } },
      required: ['b'],
    }
    expect(schemaPage('Executors', [{ description: 'Runs.', name: 'p:run', schema }])).toBe(
      '# Executors\n\n## `p:run`\n\nRuns.\n\n| Option | Type | Default | Meaning |\n|---|---|---|---|\n| `a` | `number` | `1` |  |\n| `b` | `string[]` | required | x \\| y |\n',
    )
  })
})
