import { expect, test } from 'vitest'
import { z } from 'zod'
import { configSchema, parseConfig } from './config.ts'
import { nearest } from './suggest.ts'

const sections = {
  graph: z.strictObject({ irrelevant: z.array(z.string()).default([]), allowNoTests: z.array(z.string()).default([]) }),
  release: z.strictObject({ registry: z.string().default('npm') }),
}

test('a file that is missing, empty or only comments gives the defaults', () => {
  const defaults = { graph: { irrelevant: [], allowNoTests: [] }, release: { registry: 'npm' } }
  for (const text of [undefined, '', '# nothing\n', 'graph:\n']) expect(parseConfig(text, sections)).toEqual(defaults)
})

test('the sections are normalised by their schemas', () => {
  expect(parseConfig('graph:\n  irrelevant: ["*.txt"]\n', sections).graph).toEqual({ irrelevant: ['*.txt'], allowNoTests: [] })
})

test.each([
  [
    'grahp:\n  irrelevant: []\n',
    'CONFIG_INVALID: interlock.yaml:1:1: there is no section `grahp`\n\nhint: did you mean `graph`?',
  ],
  [
    'graph: {}\nzzz: 1\n',
    'CONFIG_INVALID: interlock.yaml:2:1: there is no section `zzz`\n\nhint: the sections are cache, ci, graph, release',
  ],
  ['graph:\n  irrelevant: [a\n', 'CONFIG_INVALID: interlock.yaml:3:1: not valid YAML: '],
  ['graph: {}\ngraph: {}\n', 'CONFIG_INVALID: interlock.yaml:2:1: not valid YAML: Map keys must be unique'],
  [bomb(), 'CONFIG_INVALID: interlock.yaml:1:1: not valid YAML: Excessive alias count'],
  ['- a\n', 'CONFIG_INVALID: interlock.yaml:1:1: the file must hold sections'],
  ['graph:\n  irrelevant: no\n', 'CONFIG_INVALID: interlock.yaml:2:15: graph.irrelevant: Invalid input: expected array'],
  [
    'graph:\n  irelevant: []\n',
    'CONFIG_INVALID: interlock.yaml:2:14: graph.irelevant: there is no such option; did you mean `irrelevant`?',
  ],
])('%j is refused with its place', (text, message) => {
  expect(() => parseConfig(text, sections)).toThrow(message)
})

test('a section of another package is left to it', () => {
  expect(parseConfig('ci:\n  image: 7\ngraph: {}\n', { graph: sections.graph })).toEqual({
    graph: { irrelevant: [], allowNoTests: [] },
  })
})

test('several problems are said at once, each with its place', () => {
  const text = 'graph:\n  irrelevant: [1]\nrelease:\n  registry: 2\n'
  expect(() => parseConfig(text, sections)).toThrowErrorMatchingInlineSnapshot(`
    [InterlockError: CONFIG_INVALID: interlock.yaml:2:16: 2 values are not valid:
      2:16 graph.irrelevant[0]: Invalid input: expected string, received number
      4:13 release.registry: Invalid input: expected string, received number]
  `)
})

test('the combined JSON Schema knows every section and no other', () => {
  expect(configSchema(sections)).toMatchObject({
    title: 'interlock.yaml',
    additionalProperties: false,
    properties: { graph: { type: 'object' }, release: { type: 'object' } },
  })
})

test('only a near word is suggested', () => {
  expect([nearest('relase', ['graph', 'release']), nearest('x', ['graph']), nearest('abc', [])]).toEqual([
    'release',
    undefined,
    undefined,
  ])
})

/** Nine lists of ten times the one before: a billion values in a few lines. */
function bomb(): string {
  const lines = Array.from(
    { length: 9 },
    (_, at) =>
      `  a${at}: &a${at} [${
        at === 0
          ? '1'
          : Array(10)
              .fill(`*a${at - 1}`)
              .join(', ')
      }]`,
  )
  return `graph:\n${lines.join('\n')}\n`
}
