import { expect, test } from 'vitest'
import { type InitFacts, planInit } from './init-plan.ts'

const VERSIONS = { '@interlock/nx': '0.1.0', '@nx/devkit': '24.0.0', nx: '24.0.6' }

function facts(texts: InitFacts['texts'], more: Partial<InitFacts> = {}): InitFacts {
  return {
    texts,
    defaultBranch: 'main',
    versions: VERSIONS,
    engines: '>=20',
    projects: { cargo: 1, python: 1 },
    tracked: [],
    closures: '{}\n',
    ...more,
  }
}

function planned(given: InitFacts): Record<string, string> {
  return Object.fromEntries(planInit(given).map(({ path, after }) => [path, after]))
}

const installed = `${JSON.stringify({ name: 'x', devDependencies: VERSIONS }, null, 2)}\n`

test('a repository with nothing gets the five files', () => {
  expect(planned(facts({}))).toEqual({
    'nx.json': `{
  "$schema": "./node_modules/nx/schemas/nx-schema.json",
  "analytics": false,
  "cacheDirectory": ".nx/cache",
  "plugins": [
    "@interlock/nx/plugin"
  ],
  "sync": {
    "globalGenerators": [
      "@interlock/nx:closures"
    ]
  }
}
`,
    'package.json': `{
  "private": true,
  "devDependencies": {
    "@interlock/nx": "0.1.0",
    "@nx/devkit": "24.0.0",
    "nx": "24.0.6"
  },
  "engines": {
    "node": ">=20"
  }
}
`,
    '.gitignore': '.nx/\nnode_modules/\ndist/\ntarget/\n__pycache__/\n',
    '.gitattributes': 'closures.json merge=union eol=lf linguist-generated\n',
    'closures.json': '{}\n',
  })
})

test('the result of a plan needs no further plan', () => {
  for (const texts of [{}, { 'package.json': installed }, { 'nx.json': '{ "plugins": ["@nx/js"] }', '.gitignore': 'dist' }]) {
    expect(planInit(facts({ ...texts, ...planned(facts(texts)) }))).toEqual([])
  }
})

test('packages that are installed are not named again, and a published package gets no engines', () => {
  expect(planned(facts({ 'package.json': installed }))['package.json']).toBeUndefined()
})

test('an nx.json keeps its comments, its order and its own settings', () => {
  const text = `{
  // Shared by the two teams.
  "parallel": 2,
  "cacheDirectory": "tmp/cache",
  "plugins": [
    { "plugin": "@nx/js/typescript", "options": {} } // libraries
  ],
  "targetDefaults": { "build": { "cache": true } }
}
`
  expect(planned(facts({ 'nx.json': text }))['nx.json']).toBe(`{
  // Shared by the two teams.
  "parallel": 2,
  "cacheDirectory": "tmp/cache",
  "plugins": [
    { "plugin": "@nx/js/typescript", "options": {} }, // libraries
    "@interlock/nx/plugin"
  ],
  "targetDefaults": { "build": { "cache": true } },
  "analytics": false,
  "sync": {
    "globalGenerators": [
      "@interlock/nx:closures"
    ]
  }
}
`)
})

test.each([
  ['one line', '{ "plugins": [] }', '"plugins": [\n  "@interlock/nx/plugin"\n]'],
  [
    'a trailing comma',
    '{\n\t"plugins": [\n\t\t"a",\n\t],\n}\n',
    '"plugins": [\n\t\t"a",\n\t\t"@interlock/nx/plugin"\n\t],\n\t"sync": {\n\t\t"globalGenerators"',
  ],
  [
    'CRLF',
    '{\r\n  "plugins": ["a"]\r\n}\r\n',
    '"plugins": ["a", "@interlock/nx/plugin"],\r\n  "sync": {\r\n    "globalGenerators"',
  ],
])('an nx.json keeps its layout: %s', (_, text, expected) => {
  const given = text.replace('"plugins"', '"analytics": false, "cacheDirectory": "x", "plugins"')
  expect(planned(facts({ 'nx.json': given }))['nx.json']).toContain(expected)
})

test('a list that is no list is not overwritten', () => {
  expect(() => planInit(facts({ 'nx.json': '{ "plugins": {} }' }))).toThrow(/^EDIT_CONFLICT: nx\.json: `plugins` cannot be set/)
})

test('a plugin that is registered with options is not registered twice', () => {
  const text = '{ "plugins": [{ "plugin": "@interlock/nx/plugin", "options": {} }] }\n'
  expect(planned(facts({ 'nx.json': text }))['nx.json']?.match(/@interlock\/nx\/plugin/g)).toHaveLength(1)
})

test('a default branch with another name is said, because Nx takes main', () => {
  expect(planned(facts({}, { defaultBranch: 'trunk' }))['nx.json']).toContain('"defaultBase": "trunk"')
})

test('directories that are ignored in any spelling are not ignored twice, and CRLF stays CRLF', () => {
  expect(planned(facts({ '.gitignore': '/node_modules\r\n**/target/\r\ndist/*\r\n__pycache__' }))['.gitignore']).toBe(
    '/node_modules\r\n**/target/\r\ndist/*\r\n__pycache__\r\n.nx/\r\n',
  )
})

test('a directory that the repository keeps files in is not ignored, and one of the same name elsewhere stays seen', () => {
  const tracked = ['dist/index.js', 'tests/fixtures/node_modules/a/index.js', 'src/target.rs', 'src/lib.rs']
  expect(planned(facts({}, { tracked }))['.gitignore']).toBe('.nx/\n/node_modules/\ntarget/\n__pycache__/\n')
  expect(planned(facts({ '.gitignore': 'node_modules\n' }, { tracked }))['.gitignore']).toBe(
    'node_modules\n.nx/\ntarget/\n__pycache__/\n',
  )
})

test('only the languages that are there have lines', () => {
  expect(planned(facts({}, { projects: { cargo: 0, python: 2 } }))['.gitignore']).toBe(
    '.nx/\nnode_modules/\ndist/\n__pycache__/\n',
  )
})

test('a closures.json that is there is left to nx sync', () => {
  expect(planned(facts({ 'closures.json': '{ "a": "b" }\n' }))['closures.json']).toBeUndefined()
})

test('a broken nx.json is an error that names the place', () => {
  expect(() => planInit(facts({ 'nx.json': '{\n  "plugins": [\n}\n' }))).toThrow(/^CONFIG_INVALID: nx\.json:3:1: not valid JSON/)
})
