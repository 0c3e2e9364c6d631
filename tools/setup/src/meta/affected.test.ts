import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Copy, copyOfThisClone } from './copy.ts'

// Each test starts Nx up to three times, which a busy machine makes minutes of.
vi.setConfig({ testTimeout: 300_000 })

/** Its inputs are every file, because the tests in this folder read every file. */
const RULES = '@interlock/setup'
/** The site is made from the sources and schemas of the packages and of the subject. */
const SITE = '@interlock/docs'
const PACKAGES = [
  '@interlock/cache',
  '@interlock/cache-server',
  '@interlock/cargo',
  '@interlock/cli',
  '@interlock/e2e',
  '@interlock/kit',
  '@interlock/nx',
  '@interlock/python',
  '@interlock/workflows',
]
/** Searches with the client, over the wheel, at the server. */
const EXAMPLE = 'private-search'
const SUBJECT = ['he', 'he-bench', 'he-client', 'he-python', 'homomorphic-llm-client', 'proxy', EXAMPLE]
/** Stands in the place of a dependency of the crates. */
const ABSENT = 'tfhe-ntt'
const EVERYTHING = [...PACKAGES, ...SUBJECT, ABSENT, RULES, SITE].sort()

let copy: Copy

beforeAll(() => {
  copy = copyOfThisClone()
})
afterAll(() => copy.dispose())

function append(path: string, text: string): void {
  appendFileSync(join(copy.root, path), text)
}

describe('in this repository', () => {
  it.each<[string, () => void, readonly string[]]>([
    [
      'the crate in the place of a dependency reaches all that are built with it',
      () => append('libs/tfhe-ntt-absent/src/lib.rs', '\n// edited\n'),
      [...SUBJECT, ABSENT, RULES, SITE],
    ],
    [
      'the crate reaches server, wheel, client, example and docs',
      () => append('libs/he/src/lib.rs', '\n// edited\n'),
      [...SUBJECT, RULES, SITE],
    ],
    [
      'the keys reach all but the crate that has none',
      () => append('libs/he-client/src/lib.rs', '\n// edited\n'),
      [...SUBJECT.filter((name) => name !== 'he'), RULES, SITE],
    ],
    [
      'the wheel reaches client, example and docs',
      () => append('libs/he-python/src/lib.rs', '\n// edited\n'),
      ['he-python', 'homomorphic-llm-client', EXAMPLE, RULES, SITE],
    ],
    [
      'the server reaches the client, whose tests talk to it, and docs',
      () => append('apps/proxy/src/main.rs', '\n// edited\n'),
      ['homomorphic-llm-client', EXAMPLE, 'proxy', RULES, SITE],
    ],
    [
      'the client reaches the example and docs',
      () => append('libs/client-python/src/homomorphic_llm/__init__.py', '\n# edited\n'),
      ['homomorphic-llm-client', EXAMPLE, RULES, SITE],
    ],
    ['a page reaches nothing but the site', () => append('apps/docs/content/index.md', '\nedited\n'), [RULES, SITE]],
    [
      'a reader is part of the plugin, which runs in every task',
      () => append('tools/cargo/src/core/lock.ts', '\n// edited\n'),
      EVERYTHING,
    ],
    [
      'a test of a reader reaches what depends on the package',
      () => append('tools/cargo/src/core/lock.test.ts', '\n// edited\n'),
      ['@interlock/cargo', '@interlock/e2e', '@interlock/nx', '@interlock/workflows', RULES, SITE],
    ],
    ['the shared floor is under the plugin', () => append('tools/kit/src/core/slice.ts', '\n// edited\n'), EVERYTHING],
    [
      'a test of the shared floor reaches what depends on the package',
      () => append('tools/kit/src/core/slice.test.ts', '\n// edited\n'),
      [...PACKAGES, RULES, SITE],
    ],
    [
      'the workflows reaches who packs the package, and the site',
      () => append('tools/workflows/src/core/gate.ts', '\n// edited\n'),
      ['@interlock/e2e', '@interlock/workflows', RULES, SITE],
    ],
    ['the set-up reaches its own tests only', () => append('tools/setup/src/totals.mjs', '\n// edited\n'), [RULES]],
    ['promise-2: a root file that nobody knows', () => writeFileSync(join(copy.root, 'Makefile'), 'all:\n'), EVERYTHING],
  ])('an edit of %s', (_, edit, expected) => {
    const base = copy.commit()
    edit()
    copy.commit()
    expect(copy.affected(base)).toEqual([...expected].sort())
  })

  it.each<[string, () => void, readonly string[]]>([
    [
      'Cargo.lock that only the server reaches',
      () => copy.edit('Cargo.lock', /(name = "axum-server"\nversion = ")[^"]+/, '$10.8.0'),
      ['homomorphic-llm-client', EXAMPLE, 'proxy', RULES, SITE],
    ],
    [
      'requirements.lock that the Python half of the wheel reaches too',
      () => copy.edit('requirements.lock', /^hypothesis==\S+/m, 'hypothesis==6.0.0'),
      ['he-python', 'homomorphic-llm-client', EXAMPLE, RULES, SITE],
    ],
  ])('a bump in %s selects the same before and after nx sync', (_, bump, expected) => {
    const base = copy.commit()
    bump()
    copy.commit()
    expect(copy.affected(base)).toEqual([...expected].sort())
    expect(copy.run('npx nx sync').status).toBe(0)
    expect(copy.changes()).toEqual(['closures.json'])
    copy.commit()
    expect(copy.affected(base)).toEqual([...expected].sort())
  })
})
