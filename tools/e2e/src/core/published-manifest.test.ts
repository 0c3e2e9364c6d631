import { expect, test } from 'vitest'
import { builtPath, publishedCollection, publishedManifest } from './published-manifest.ts'

test('the tarball has no source condition, scripts, Nx configuration or developer dependencies, and keeps its peers', () => {
  expect(
    publishedManifest({
      name: '@interlock/nx',
      exports: {
        '.': { '@interlock/source': './src/index.ts', types: './dist/index.d.ts', default: './dist/index.js' },
        './package.json': './package.json',
      },
      scripts: { build: 'tsc -b' },
      nx: { includedScripts: [] },
      devDependencies: { vitest: '4.1.12' },
      peerDependencies: { nx: '>=24 <25' },
    }),
  ).toEqual({
    name: '@interlock/nx',
    exports: {
      '.': { types: './dist/index.d.ts', default: './dist/index.js' },
      './package.json': './package.json',
    },
    peerDependencies: { nx: '>=24 <25' },
  })
})

test('types come before default in every published export, as Node and TypeScript need', () => {
  const published = publishedManifest({
    exports: { '.': { '@interlock/source': './src/index.ts', types: './dist/index.d.ts', default: './dist/index.js' } },
  })
  expect(JSON.stringify(published)).toBe('{"exports":{".":{"types":"./dist/index.d.ts","default":"./dist/index.js"}}}')
})

test('implementations move from source to dist and schemas stay beside the source', () => {
  expect(
    publishedCollection({
      $schema: 'https://json-schema.org/schema',
      generators: {
        init: {
          implementation: './src/generators/init/generator.ts#initGenerator',
          schema: './src/generators/init/schema.json',
          description: 'Adds Interlock to a repository',
        },
      },
    }),
  ).toEqual({
    $schema: 'https://json-schema.org/schema',
    generators: {
      init: {
        implementation: './dist/generators/init/generator.js#initGenerator',
        schema: './src/generators/init/schema.json',
        description: 'Adds Interlock to a repository',
      },
    },
  })
})

test('a path that is not TypeScript source is left alone', () => {
  expect(['./dist/a.js', './src/a.json', './bin/a.mjs', '../src/a.ts'].map(builtPath)).toEqual([
    './dist/a.js',
    './src/a.json',
    './bin/a.mjs',
    '../src/a.ts',
  ])
})
