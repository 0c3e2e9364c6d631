import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  exports: Record<string, string | Record<string, string>>
}
const entries = Object.entries(manifest.exports).filter(([name]) => name !== './package.json')

test.each(entries)('the entry %s has its source first and exports something', async (_, conditions) => {
  const [first] = Object.entries(conditions)
  expect(first?.[0]).toBe('@interlock/source')
  const source = (await import(new URL(`../${first?.[1]}`, import.meta.url).href)) as Record<string, unknown>
  expect(Object.keys(source).length).toBeGreaterThan(0)
})

test('the README names every function of the main entry that a reader may look for', async () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const names = [
    'InterlockError',
    'parseToml',
    'strictJsonObject',
    'sliceDigest',
    'closureKey',
    'runProcess',
    'runOk',
    'parseConfig',
    'parseOptions',
  ]
  const main = (await import('./index.ts')) as Record<string, unknown>
  expect(names.filter((name) => !(name in main) || !readme.includes(`\`${name}\``))).toEqual([])
})
