import { describe, expect, it } from 'vitest'
import { CATALOGUES, readReferees } from '../referees.mjs'
import { ROOT, TOOLS, TRACKED, json, text } from './repository.ts'

const REFEREES = CATALOGUES.workflows.lock
const LOCKS = ['package-lock.json', 'Cargo.lock', 'requirements.lock', REFEREES, CATALOGUES.proxy.lock]
const BINARY = /\.(bin|png|ico|woff2|whl|gz)$/
const words = (...parts: string[]): string => parts.join('.')
/** Put together from parts, because this file is tracked too. */
const REGISTRIES = [
  words('registry', 'npmjs', 'org'),
  words('pypi', 'org'),
  words('files', 'pythonhosted', 'org'),
  words('index', 'crates', 'io'),
  words('static', 'crates', 'io'),
]
const MACHINE = [
  ['', 'work', 'main'],
  ['', 'work', 'shared'],
  ['', 'root', ''],
  ['', 'home', ''],
].map((parts) => parts.join('/'))

const readable = TRACKED.filter((path) => !BINARY.test(path))

describe('tracked files', () => {
  it('name no package registry', () => {
    expect(offenders(readable, REGISTRIES)).toEqual([])
  })

  it('name no folder of one machine', () => {
    // Fixtures hold paths of nobody on purpose: they are what hostile and foreign input looks like.
    const own = readable.filter((path) => !path.includes('/fixtures/') && !LOCKS.includes(path))
    expect(offenders(own, MACHINE)).toEqual([])
  })

  it.each([
    ['source', 300, (path: string) => !isTest(path)],
    ['test', 400, isTest],
  ])('are read by people: no %s has more than %i lines', (_, limit, belongs) => {
    const sources = readable.filter(
      (path) => /\.(ts|mjs|js|rs|py|pyi)$/.test(path) && !path.includes('/fixtures/') && belongs(path),
    )
    expect(sources.length).toBeGreaterThan(10)
    expect(sources.filter((path) => text(path).trimEnd().split('\n').length > limit)).toEqual([])
  })

  it('hold no promise of later work', () => {
    const later = new RegExp(
      `\\b(${[
        ['TO', 'DO'],
        ['FIX', 'ME'],
      ]
        .map((parts) => parts.join(''))
        .join('|')})\\b`,
    )
    const own = readable.filter((path) => !path.includes('/fixtures/') && !LOCKS.includes(path))
    expect(own.filter((path) => later.test(text(path)))).toEqual([])
  })
})

describe('lock files', () => {
  it.each(LOCKS)('%s holds no address of a registry', (path) => {
    expect(TRACKED).toContain(path)
    const addresses = text(path).match(/https?:\/\/[^\s"]+/g) ?? []
    // The source id of crates is a name that happens to look like an address; funding links are not registries.
    expect(
      addresses
        .filter((address) => /registry|index|files|static|simple/.test(address))
        .filter((address) => !address.endsWith('/crates.io-index')),
    ).toEqual([])
  })

  it('package-lock.json says nowhere from where it was resolved', () => {
    expect(text('package-lock.json')).not.toContain('"resolved": "http')
  })

  it('package-lock.json names the binaries of nx for all ten platforms', () => {
    const { packages } = json('package-lock.json') as { packages: Record<string, { optional?: boolean; version?: string }> }
    const entries = Object.entries(packages).filter(([path]) => path.startsWith('node_modules/@nx/nx-'))
    expect(entries).toHaveLength(10)
    const { version } = packages['node_modules/nx'] ?? {}
    expect(entries.filter(([, entry]) => entry.optional !== true || entry.version !== version)).toEqual([])
  })

  it.each(['requirements.lock', REFEREES, CATALOGUES.proxy.lock])('%s tells pip a hash of every package', (path) => {
    const blocks = text(path)
      .split(/\n(?=[a-z0-9])/i)
      .filter((block) => /^[a-z0-9][\w.-]*==/i.test(block))
    expect(blocks.length).toBeGreaterThan(5)
    expect(blocks.filter((block) => !block.includes('--hash=sha256:'))).toEqual([])
  })

  it.each(Object.values(CATALOGUES))('the referees of $judged are locked at the versions that $file names', (catalogue) => {
    const ofPython = readReferees(ROOT, catalogue).filter(({ registry }) => registry === 'pypi')
    expect(ofPython.length).toBeGreaterThan(0)
    for (const referee of ofPython) expect(text(catalogue.lock)).toContain(`\n${referee.package}==${referee.version} \\\n`)
  })
})

describe('configuration', () => {
  it('nx.json fits on one screen and registers one plugin', () => {
    expect(text('nx.json').split('\n').length).toBeLessThanOrEqual(40)
    expect(json('nx.json')).toMatchObject({ analytics: false, cacheDirectory: '.nx/cache', plugins: [expect.anything()] })
  })

  it('promise-3 CI is npm test and nothing else', () => {
    expect(
      text('.ci/run')
        .split('\n')
        .filter((line) => line !== ''),
    ).toEqual(['#!/usr/bin/env bash', 'set -eu', 'cd "$(dirname "$0")/.."', 'exec npm test'])
  })

  it('every pin of the root is exact', () => {
    const { devDependencies } = json('package.json') as { devDependencies: Record<string, string> }
    expect(Object.entries(devDependencies).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([])
  })

  it.each(TOOLS)('tools/%s says what it is and under which licence', (tool) => {
    expect(json(`tools/${tool}/package.json`)).toMatchObject({
      description: expect.stringMatching(/.{12}/),
      license: 'Apache-2.0',
      name: `@interlock/${tool}`,
      type: 'module',
    })
  })
})

function isTest(path: string): boolean {
  return /\.test\.ts$|\/tests\//.test(path)
}

function offenders(paths: readonly string[], needles: readonly string[]): string[] {
  return paths.flatMap((path) => {
    const content = text(path)
    return needles.filter((needle) => content.includes(needle)).map((needle) => `${path}: ${needle}`)
  })
}
