import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { httpPage } from './http-page.mjs'

const document = JSON.parse(readFileSync(new URL('../../proxy/openapi.json', import.meta.url), 'utf8'))

describe('the page of the HTTP API', () => {
  it('has a section for every operation and every shape of the document', () => {
    const page = httpPage(document)
    const methods = ['get', 'post']
    const operations = Object.entries<Record<string, unknown>>(document.paths).flatMap(([path, item]) =>
      methods.filter((method) => method in item).map((method) => `## ${method.toUpperCase()} ${path.replaceAll('{', '\\{')}`),
    )
    const shapes = Object.keys(document.components.schemas).map((name) => `### ${name}`)
    expect(operations.length).toBeGreaterThan(8)
    expect(page.split('\n')).toEqual(expect.arrayContaining([...operations, ...shapes]))
  })

  it('names every status of an operation, its headers and the kind of its body', () => {
    const page = httpPage({
      components: { schemas: { A: { properties: { b: { type: ['integer', 'null'] } }, required: ['b'], type: 'object' } } },
      info: { title: 't', version: '1' },
      paths: {
        '/a/{b}': {
          get: {
            parameters: [{ description: 'x | y', in: 'path', name: 'b', required: true, schema: { enum: ['c'] } }],
            responses: {
              200: { content: { 'application/json': { schema: { $ref: '#/components/schemas/A' } } }, headers: { ETag: {} } },
              404: { description: 'no <b>' },
            },
            summary: 'Ask',
          },
        },
      },
    })
    expect(page).toContain('## GET /a/\\{b}\n\nAsk\n\n')
    expect(page).toContain('| `b` | path, required | `"c"` | x \\| y |')
    expect(page).toContain('| 200 |  | `application/json`: [A](#a) | `ETag` |\n| 404 | no &lt;b> |  |  |')
    expect(page).toContain('### A\n\n| Field | Type | Meaning |\n|---|---|---|\n| `b` | integer or null |  |')
  })

  it('refuses a document without operations', () => {
    expect(() => httpPage({ info: { title: 'empty', version: '1' }, paths: {} })).toThrow('empty: the document has no operation')
  })
})
