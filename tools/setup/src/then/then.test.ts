import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { BROWSER } from '../browser.mjs'
import { workspaceChecks } from './checks.mjs'
import { createContext } from '../context.mjs'
import { CATALOGUES, placeOf } from '../referees.mjs'
import { pythonOfServices, SERVICES_LOCK } from '../services.mjs'
import { runStart } from './start.mjs'
import { runTest, TARGETS } from './test.mjs'

const HERE = fileURLToPath(new URL('.', import.meta.url))
let root = ''

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'setup-then-'))
  for (const { command } of workspaceChecks(root)) program(command[1] ?? '', '')
  referee('act')
  referee('schemathesis', CATALOGUES.proxy)
  program(join(root, SERVICES_LOCK), 'moto==1.2.3 \\\n')
  program(pythonOfServices({ platform: process.platform, root }), '')
  program(join(root, 'bin', BROWSER), '')
  program(join(root, 'apps', 'cache-server', 'cases.json'), '["one case", "another"]')
  interlock('console.log(process.argv.slice(2).join(" ")); console.log("5 passed, 0 failed, 1 skipped")')
})
afterEach(() => rmSync(root, { force: true, recursive: true }))

/** A real program in the place of one of the repository's own. */
function program(file: string, script: string): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, script)
}

/** The one referee of its kind in this test, installed unless it is taken away. */
function referee(name: string, { file }: { readonly file: string } = CATALOGUES.workflows): void {
  const entry = { version: '1.2.3', registry: 'go', package: 'p' }
  program(join(root, file), JSON.stringify({ [name]: entry }))
  program(placeOf({ name, registry: 'go' }, { platform: process.platform, root }), '')
}

function interlock(affected: string, doctor = ''): void {
  program(
    join(root, 'node_modules', '@interlock', 'cli', 'bin', 'interlock.js'),
    `if (process.argv[2] === 'doctor') { ${doctor} } else { ${affected} }`,
  )
}

/** Runs `runTest` or `runStart` in a process of its own, because both stream what their children say. */
function then(
  what: 'start' | 'test',
  pythons = ['3.9', '3.10', '3.11', '3.12', '3.13'],
): { status: number | null; lines: string[] } {
  const script = `
    import { createContext } from '${HERE}../context.mjs'
    import { runStart } from '${HERE}start.mjs'
    import { runTest } from '${HERE}test.mjs'
    const context = createContext(${JSON.stringify(root)}, () => {})
    context.pythons = new Map(${JSON.stringify(pythons)}.map((lane) => [lane, {}]))
    process.exitCode = await ${what === 'start' ? 'runStart(context)' : 'runTest({ context, print: console.log })'}`
  const ended = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    env: { ...process.env, CI: 'true', PATH: `${join(root, 'bin')}${delimiter}${process.env['PATH'] ?? ''}` },
  })
  return { lines: ended.stdout.trimEnd().split('\n'), status: ended.status }
}

it('says what it does line by line, and what failed before the sum', async () => {
  interlock('console.log("5 passed, 0 failed, 0 skipped")', 'process.exitCode = 1')
  const context = { ...createContext(root, () => {}), pythons: new Map() }
  const lines: string[] = []
  expect(await runTest({ context, print: (line) => void lines.push(line) })).toBe(1)
  expect(lines.filter((line) => line.startsWith('\n• '))).toHaveLength(workspaceChecks(root).length + 2)
  expect(lines.filter((line) => line.startsWith('not run: '))).toHaveLength(5)
  expect(lines.slice(-1)).toEqual(['5 passed, 1 failed, 5 skipped'])
  expect(await runStart(context)).toBe(0)
})

describe('npm start', () => {
  it('runs the tests that a change can reach, and passes their status on', () => {
    expect(then('start')).toEqual({ lines: ['affected -t test', '5 passed, 0 failed, 1 skipped'], status: 0 })
    interlock('process.exitCode = 1')
    expect(then('start').status).toBe(1)
  })
})

describe('npm test', () => {
  it('runs every target of every project and ends with the sum, alone on its line', () => {
    const { lines, status } = then('test')
    expect(status).toBe(0)
    expect(lines.at(-1)).toBe('5 passed, 0 failed, 1 skipped')
    expect(lines).toContain(
      `affected --all -t ${TARGETS.join(' ')} test-openapi test-py3.9 test-py3.10 test-py3.11 test-py3.12 test-py3.13 -- --configuration=coverage`,
    )
  })

  it('lists the cases of the cache by the numbers of their tests', () => {
    expect(then('test').lines).toEqual(expect.arrayContaining(['  cache-01  one case', '  cache-02  another']))
  })

  it('names a Python that is missing as not run, and counts it as skipped', () => {
    const { lines, status } = then('test', ['3.11'])
    expect(status).toBe(0)
    expect(lines).toContain('not run: test-py3.9, because there is no Python 3.9 here')
    expect(lines.at(-1)).toBe('5 passed, 0 failed, 5 skipped')
  })

  it('promise-1 names a referee and a service that are missing as not run', () => {
    referee('no-such-referee')
    rmSync(join(root, '.tools'), { recursive: true })
    expect(then('test').lines.slice(-4, -1)).toEqual([
      'not run: schemathesis 1.2.3 over the proxy, because it is not installed',
      'not run: no-such-referee 1.2.3 over the workflows, because it is not installed',
      'not run: tests with moto 1.2.3, because it is not installed',
    ])
  })

  it('promise-1 leaves the target of a missing referee out, and counts it as skipped', () => {
    rmSync(placeOf({ name: 'schemathesis', registry: 'go' }, { platform: process.platform, root }))
    const { lines } = then('test')
    expect(lines.filter((line) => line.startsWith('affected')).join()).not.toContain('test-openapi')
    expect(lines.at(-1)).toBe('5 passed, 0 failed, 2 skipped')
  })

  it('goes on after a check that fails, and is red', () => {
    interlock('console.log("5 passed, 0 failed, 0 skipped")', 'process.exitCode = 1')
    const { lines, status } = then('test')
    expect(status).toBe(1)
    expect(lines.at(-1)).toBe('5 passed, 1 failed, 0 skipped')
    expect(lines.at(-2)).toMatch(/^failed: .*interlock doctor/)
  })

  it('promise-1 is red when the run dies without a sum, or has run nothing', () => {
    interlock('process.exitCode = 0')
    expect(then('test')).toMatchObject({ status: 1 })
    interlock('console.log("0 passed, 0 failed, 0 skipped")')
    expect(then('test')).toMatchObject({ status: 1 })
  })

  it('is red when the run fails though its sum is green', () => {
    interlock('console.log("5 passed, 0 failed, 0 skipped"); process.exitCode = 1')
    expect(then('test')).toMatchObject({ status: 1 })
  })
})
