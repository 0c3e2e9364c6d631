import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Invocation, Outcome } from '@interlock/cli'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { RULES } from '../core/lint/rules/index.ts'
import { verbs } from './index.ts'

const REPOSITORY = join(import.meta.dirname, '../../../..')
const FIXTURES = join(import.meta.dirname, '../core/lint/fixtures')
const CI = '.github/workflows/ci.yml'
const GOOD = readFileSync(join(FIXTURES, 'unpinned-uses/good.yml'), 'utf8')
const BAD = readFileSync(join(FIXTURES, 'missing-timeout/bad.yml'), 'utf8')

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'interlock-lint-'))
})
afterEach(() => rmSync(root, { recursive: true }))

function write(path: string, text: string | Uint8Array): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}

async function lint(given: Partial<Invocation> = {}): Promise<Outcome> {
  const verb = verbs.find(({ name }) => name === 'ci lint')
  if (verb === undefined) throw new Error('no such verb')
  return verb.run({ root, env: {}, arguments: [], options: {}, rest: [], json: false, ...given })
}

describe('interlock ci lint', () => {
  it('finds nothing in the files of this repository', async () => {
    const outcome = await lint({ root: REPOSITORY })
    expect(outcome).toMatchObject({ status: 0, data: { rules: RULES.length, findings: [] } })
    const { files } = outcome.data as { readonly files: readonly string[] }
    const workflows = readdirSync(join(REPOSITORY, '.github/workflows')).map((name) => `.github/workflows/${name}`)
    expect(files).toEqual(expect.arrayContaining([...workflows, '.github/actions/setup/action.yml']))
  })

  it('shows each finding with its place, and counts', async () => {
    write(CI, BAD)
    write('.github/dependabot.yml', readFileSync(join(FIXTURES, 'dependabot-actions/good.dependabot.yml'), 'utf8'))
    write('.github/actions/deep/down/action.yml', 'runs:\n  using: composite\n  steps: [{ run: x, shell: bash }]\n')
    expect(await lint()).toMatchObject({
      status: 1,
      prose: [
        '.github/actions/deep/down/action.yml:1:1: error: Required property is missing: description [github-parser]',
        '.github/actions/deep/down/action.yml:1:1: error: Required property is missing: name [github-parser]',
        `${CI}:8:3: warning: The job test has no timeout-minutes: it may take six hours [missing-timeout]`,
        '',
        `3 findings in 2 of 3 files: ${RULES.length} rules and GitHub's parser 0.3.61`,
      ].join('\n'),
    })
  })

  it('annotates the lines on GitHub Actions', async () => {
    write('.github/workflows/a,b.yml', BAD)
    expect((await lint({ env: { GITHUB_ACTIONS: 'true' } })).prose).toContain(
      '\n::error file=.github/workflows/a%2Cb.yml,line=8,col=3,title=missing-timeout::The job test has no timeout-minutes: it may take six hours\n',
    )
  })

  it('lets no text of a file begin a line, which GitHub Actions would obey', async () => {
    write(CI, GOOD.replace(/- uses: \$.*\n/u, '- uses: "a/b@x\\n::stop-commands::y\\e[2K"\n'))
    const { prose } = await lint({ env: { GITHUB_ACTIONS: 'true' } })
    expect(prose).toContain('a/b is used by the name x ::stop-commands::y [2K, which can be moved')
    const lines = prose.split('\n')
    expect(lines.filter((line) => line.startsWith('::') && !line.startsWith('::error file='))).toEqual([])
    expect(lines.filter((line) => line.startsWith('::error'))).toHaveLength(lines.filter((line) => line.startsWith(CI)).length)
  })

  it('promise-1: looks at the actions that a workflow names, wherever they lie, and at those that these name', async () => {
    const action = (...steps: readonly string[]): string =>
      ['name: a', 'description: a', 'runs:', '  using: composite', '  steps:', ...steps, ''].join('\n')
    write(CI, GOOD.replace(/\n$/u, '\n      - uses: ./tools/first\n'))
    write('tools/first/action.yml', action('    - uses: $/linked'))
    const script = '    - { run: "echo ${{ github.head_ref }}", shell: bash }'
    write('elsewhere/action.yaml', action('    - uses: $/tools/first', script))
    symlinkSync('elsewhere', join(root, 'linked'))
    const { data } = await lint()
    expect(data).toMatchObject({
      files: [CI, 'tools/first/action.yml', 'linked/action.yaml'],
      findings: expect.arrayContaining([expect.objectContaining({ file: 'linked/action.yaml', rule: 'template-injection' })]),
    })
  })

  it('looks at the files that are named, and at no other', async () => {
    write(CI, BAD)
    write('elsewhere/x.yml', GOOD)
    expect(await lint({ arguments: ['elsewhere/x.yml'] })).toMatchObject({ status: 0, data: { files: ['elsewhere/x.yml'] } })
  })

  it('writes SARIF with a category of its own, or prints it', async () => {
    write('.github/workflows/a b#.yml', BAD)
    await lint({ options: { sarif: 'out/lint.sarif' } })
    const sarif = JSON.parse(readFileSync(join(root, 'out/lint.sarif'), 'utf8')) as {
      runs: { tool: { driver: { rules: object[] } } }[]
    }
    expect(sarif).toMatchObject({
      version: '2.1.0',
      runs: [
        {
          tool: { driver: { name: 'interlock-ci-lint' } },
          automationDetails: { id: 'interlock-ci-lint/' },
          results: [
            {
              ruleId: 'missing-timeout',
              level: 'warning',
              locations: [
                {
                  physicalLocation: {
                    artifactLocation: { uri: '.github/workflows/a%20b%23.yml', uriBaseId: '%SRCROOT%' },
                    region: { startLine: 8, startColumn: 3 },
                  },
                },
              ],
            },
          ],
        },
      ],
    })
    expect(sarif.runs[0]?.tool.driver.rules).toHaveLength(RULES.length + 4)
    expect(JSON.parse((await lint({ options: { sarif: '-' } })).prose)).toEqual(sarif)
    await expect(lint({ options: { sarif: '-' }, json: true })).rejects.toThrow(/^USAGE: --json and --sarif - both ask/)
    await expect(lint({ options: { sarif: '.github/workflows' } })).rejects.toThrow(/^FOLDER_NOT_WRITABLE: \.github\/workflows: /)
  })

  it.each([[undefined], ['.github/workflows/README.md']])(
    'promise-1: a repository without a workflow is no clean one: %s',
    async (file) => {
      if (file !== undefined) write(file, 'x')
      await expect(lint()).rejects.toThrow('CONFIG_INVALID: .github/workflows: no workflow found')
    },
  )
})

describe('promise-1: a file that cannot be read', () => {
  it('is a finding with exit 2, beside what is found in the others', async () => {
    const at = (name: string): string => `.github/workflows/${name}`
    write(at('other.yml'), BAD)
    symlinkSync('nowhere.yml', join(root, at('a.yml')))
    symlinkSync('b.yml', join(root, at('b.yml')))
    mkdirSync(join(root, at('c.yml')))
    write(at('d.yml'), 'x'.repeat(5_000_000))
    write(at('e.yml'), new Uint8Array([0x6f, 0x6e, 0x3a, 0xff, 0xfe]))
    execFileSync('mkfifo', [join(root, at('f.yml'))])
    const outcome = await lint()
    expect(outcome.status).toBe(2)
    expect(outcome.prose.split('\n')).toEqual([
      `${at('a.yml')}:1:1: error: Does not exist, or is a symbolic link to nothing [unreadable-file]`,
      `${at('b.yml')}:1:1: error: Is a symbolic link that leads back to itself [unreadable-file]`,
      `${at('c.yml')}:1:1: error: Is a folder [unreadable-file]`,
      `${at('d.yml')}:1:1: error: Has 5000000 bytes, and no more than 524288 are read [unreadable-file]`,
      `${at('e.yml')}:1:1: error: Is not UTF-8 [unreadable-file]`,
      `${at('f.yml')}:1:1: error: Is no regular file [unreadable-file]`,
      expect.stringContaining('[missing-timeout]'),
      '',
      expect.stringMatching(/^7 findings in 7 of 7 files/),
    ])
  })

  it('has a line in a script that is too long to be looked at: exit 2', async () => {
    write(CI, GOOD.replace(/\n$/u, `\n      - run: echo ${'x'.repeat(5000)}\n`))
    expect(await lint()).toMatchObject({
      status: 2,
      data: {
        findings: [
          { rule: 'unreadable-file', message: 'Has a line of 5005 characters in a script, and no more than 2048 are read' },
        ],
      },
    })
  })

  it('was named and is not there: exit 2', async () => {
    expect(await lint({ arguments: ['x.yml', '../../$(id).yml'] })).toMatchObject({
      status: 2,
      data: {
        findings: [
          { file: '../../$(id).yml', rule: 'unreadable-file' },
          { file: 'x.yml', rule: 'unreadable-file' },
        ],
      },
    })
  })
})

describe('a file that is no workflow', () => {
  it('is a finding, with its place', async () => {
    const texts = ['a: [', 'a: 1\na: 2\n', '- a\n', 'hello\n', '', '\0\0\0', `a: ${'['.repeat(3000)}`]
    for (const [index, text] of texts.entries()) write(`.github/workflows/${index}.yml`, text)
    const outcome = await lint()
    expect(outcome.status).toBe(1)
    const { findings } = outcome.data as { readonly findings: readonly { readonly file: string; readonly rule: string }[] }
    expect(new Set(findings.map(({ rule }) => rule))).toEqual(new Set(['invalid-yaml']))
    expect(new Set(findings.map(({ file }) => file)).size).toBe(texts.length)
  })

  it('has findings and breaks nothing, whatever stands where something else is expected', async () => {
    const texts = [
      'jobs: 1\non: 2\n',
      'jobs: [1]\non: [{}]\npermissions: [a]\n',
      'jobs: {a: 1, b: [], c: {steps: 3, needs: {}, strategy: [], env: 1, runs-on: {labels: {}}, container: []}}\n',
      'jobs: {a: {steps: [1, [], null, {run: {}, uses: [], with: 1, env: []}], needs: [[], {}]}}\non: {push: 1, schedule: x}\n',
    ]
    for (const [index, text] of texts.entries()) write(`.github/workflows/${index}.yml`, text)
    const outcome = await lint()
    expect(outcome.status).toBe(1)
    expect(outcome.prose).toMatch(/ in 4 of 4 files/)
  })

  it('with a mark of the byte order and the line ends of Windows is read as any other', async () => {
    write(CI, `\uFEFF${BAD.replaceAll('\n', '\r\n')}`)
    expect(await lint()).toMatchObject({ status: 1, data: { findings: [{ rule: 'missing-timeout', line: 8, column: 3 }] } })
  })
})
