import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { main } from './main.ts'

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'interlock-cli-'))
})

afterEach(() => rmSync(root, { recursive: true, force: true }))

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}

/** A workspace in which one package is installed, whose verbs are written as JavaScript. */
function install(name: string, verbs: string): void {
  write('nx.json', '{}')
  const exports = { './cli': { '@interlock/source': './source.js', default: './cli.js' } }
  write(`node_modules/@interlock/${name}/package.json`, JSON.stringify({ name: `@interlock/${name}`, type: 'module', exports }))
  write(`node_modules/@interlock/${name}/cli.js`, verbs)
  write(`node_modules/@interlock/${name}/source.js`, verbs.replaceAll('"dist"', '"source"'))
}

const VERBS = `export const verbs = [
  {
    name: 'ask',
    summary: 'answer a question',
    arguments: [{ name: '<what>', description: 'the question' }],
    options: [
      { flags: '-t, --targets <names...>', description: 'names', required: true },
      { flags: '--base <ref>', description: 'a commit' },
    ],
    rest: 'flags',
    examples: ['interlock ask x -t y'],
    run: async ({ arguments: words, options, rest, json, root }) => ({ status: 3, prose: 'prose', data: { words, options, rest, json, root } }),
  },
  { name: 'lock diff', summary: 'show what moved', run: async () => ({ status: 0, prose: "dist", data: "dist" }) },
  { name: 'lock slice list', summary: 'show the slices', run: async () => ({ status: 0, prose: 'slices', data: [] }) },
  { name: 'lock check', summary: 'check', run: async () => { throw new TypeError('a defect') } },
]`

interface Printed {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

async function interlock(
  words: readonly string[],
  given: { readonly cwd?: string; readonly fromSource?: boolean } = {},
): Promise<Printed> {
  let stdout = ''
  let stderr = ''
  const status = await main(words, {
    cwd: given.cwd ?? root,
    env: {},
    fromSource: given.fromSource ?? false,
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
  })
  return { status, stdout, stderr }
}

describe('a verb', () => {
  beforeEach(() => install('one', VERBS))

  test('gets its words, options and what follows --, and decides the exit status', async () => {
    const printed = await interlock([
      'ask',
      'why',
      '-t',
      'lint',
      'test',
      '--base',
      'main',
      '--json',
      '--',
      '--parallel=2',
      '--json',
    ])
    expect(JSON.parse(printed.stdout)).toEqual({
      words: ['why'],
      options: { targets: ['lint', 'test'], base: 'main' },
      rest: ['--parallel=2', '--json'],
      json: true,
      root,
    })
    expect(printed.status).toBe(3)
  })

  test('prints prose unless JSON is asked for', async () => {
    expect(await interlock(['ask', 'x', '-t', 'y'])).toEqual({ status: 3, stdout: 'prose\n', stderr: '' })
  })

  test('is found from any folder of the workspace', async () => {
    write('deep/er/file', '')
    expect(await interlock(['lock', 'diff'], { cwd: join(root, 'deep', 'er') })).toEqual({
      status: 0,
      stdout: 'dist\n',
      stderr: '',
    })
  })

  test('comes from the TypeScript source inside a clone', async () => {
    expect((await interlock(['lock', 'diff'], { fromSource: true })).stdout).toBe('source\n')
  })

  test('that throws what is no InterlockError shows the defect, with exit status 6', async () => {
    const printed = await interlock(['lock', 'check'])
    expect(printed.status).toBe(6)
    expect(printed.stderr).toMatch(/^DEFECT: TypeError: a defect[\s\S]*hint: this is a defect of Interlock/u)
  })

  test('has help with its arguments, options and examples', async () => {
    const { status, stdout } = await interlock(['ask', '--help'])
    expect(status).toBe(0)
    expect(stdout).toMatchInlineSnapshot(`
      "Usage: interlock ask [options] <what> [-- flags]

      answer a question

      Arguments:
        what                      the question

      Options:
        -t, --targets <names...>  names
        --base <ref>              a commit
        --json                    print one JSON document instead of prose
        -h, --help                display help for command

      Examples:
        interlock ask x -t y
      "
    `)
  })
})

describe('usage', () => {
  beforeEach(() => install('one', VERBS))

  test.each([
    ['an unknown verb suggests the nearest', ['aks'], '(Did you mean ask?)'],
    ['an unknown verb of a group suggests the nearest', ['lock', 'dif'], '(Did you mean diff?)'],
    ['an unknown option suggests the nearest', ['ask', 'x', '-t', 'y', '--bas', 'z'], '(Did you mean --base?)'],
    ['a missing argument is named', ['ask', '-t', 'y'], "missing required argument 'what'"],
    ['a verb of a group is named with its group', ['lock', 'diff', '--bas'], 'hint: interlock lock diff --help'],
    ['a missing option is named', ['ask', 'x'], "required option '-t, --targets <names...>' not specified"],
    ['a group alone lists its verbs', ['lock'], 'diff'],
    ['a group of a group lists its verbs', ['lock', 'slice'], 'list'],
    [
      'a verb of three words is named with all of them',
      ['lock', 'slice', 'list', '--bas'],
      'hint: interlock lock slice list --help',
    ],
    ['no word at all lists the verbs', [], 'ask'],
    ['words after -- for a verb that takes none', ['lock', 'diff', '--', 'x'], 'takes no words after "--"'],
    ['too many words', ['lock', 'diff', 'x'], 'too many arguments'],
  ])('%s, with exit status 2', async (_, words, message) => {
    const printed = await interlock(words)
    expect(printed.status).toBe(2)
    expect(printed.stdout).toBe('')
    expect(printed.stderr).toContain(message)
  })

  test('help and version are no errors', async () => {
    expect(await interlock(['--version'])).toEqual({ status: 0, stdout: '0.1.0\n', stderr: '' })
    expect(await interlock(['--help'])).toMatchObject({
      status: 0,
      stderr: '',
      stdout: expect.stringContaining('answer a question'),
    })
  })
})

test('a program with verbs of its own needs no workspace', async () => {
  let stdout = ''
  const verbs = [{ name: 'cache serve', summary: 'serve', run: async () => ({ status: 0, prose: 'served', data: {} }) }]
  const world = {
    cwd: root,
    env: {},
    fromSource: false,
    stderr: { write: () => undefined },
    stdout: { write: (text: string) => (stdout += text) },
  }
  expect(await main(['cache', 'serve'], { ...world, verbs })).toBe(0)
  expect(stdout).toBe('served\n')
})

describe('where there is nothing to run', () => {
  test('outside a workspace every verb is an error that says so, as prose and as JSON', async () => {
    const printed = await interlock(['base', '--json'])
    expect(printed.status).toBe(2)
    expect(printed.stderr).toContain('WORKSPACE_MISSING: no nx.json in')
    expect(JSON.parse(printed.stdout)).toMatchObject({
      error: { code: 'WORKSPACE_MISSING', retryable: false, hint: expect.any(String) },
    })
  })

  test('outside a workspace the help says where the verbs come from', async () => {
    expect((await interlock(['--help'])).stdout).toContain('There is no Nx workspace here')
  })

  test('a workspace without packages says that there are no verbs', async () => {
    write('nx.json', '{}')
    expect((await interlock(['--help'])).stdout).toContain('No @interlock package with verbs is installed')
    expect(await interlock(['ci', 'pins', '--check'])).toMatchObject({
      status: 6,
      stderr: expect.stringMatching(/^TOOL_MISSING: No @interlock package .+\n\nhint: npm install --save-dev @interlock\/nx/u),
    })
  })

  test('a package without a ./cli export is passed over', async () => {
    install('one', VERBS)
    write('node_modules/@interlock/two/package.json', '{"exports": {".": "./index.js"}}')
    expect((await interlock(['lock', 'diff'])).status).toBe(0)
  })
})

test.each([
  ['does not parse', 'export const verbs = [', 'cannot be loaded'],
  ['has no list of verbs', 'export const verb = 1', 'has no list "verbs"'],
])('a package whose ./cli export %s is an error with exit status 6', async (_, text, message) => {
  install('one', text)
  expect(await interlock(['ask'])).toMatchObject({ status: 6, stderr: expect.stringContaining(message) })
})

test('a damaged package.json and two packages with the same verb are errors', async () => {
  install('one', VERBS)
  install('two', VERBS)
  expect((await interlock(['ask'])).stderr).toContain('@interlock/one and @interlock/two both offer the verb "ask"')
  write('node_modules/@interlock/two/package.json', '{')
  expect((await interlock(['ask'])).stderr).toContain('VERBS_UNREADABLE')
})
