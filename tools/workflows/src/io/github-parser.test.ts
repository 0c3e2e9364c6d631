import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { examine } from '../core/lint/examine.ts'
import { exceptionFor, PARSER_EXCEPTIONS, PARSER_VERSION, parserFindings } from '../core/lint/github-parser.ts'
import type { LintDocument } from '../core/lint/document.ts'
import { askParser } from './github-parser.ts'

function documentOf(text: string, kind: 'workflow' | 'action' = 'workflow'): LintDocument {
  const { document } = examine({ file: 'a "b"\n.yml', kind, text }, [])
  if (document === undefined) throw new Error('is no YAML')
  return document
}

async function says(text: string, kind: 'workflow' | 'action' = 'workflow'): Promise<readonly string[]> {
  const document = documentOf(text, kind)
  const [answer] = await askParser([document])
  return parserFindings(document, answer ?? { diagnostics: [], failure: 'no answer' }).map(
    ({ line, column, message }) => `${line}:${column} ${message}`,
  )
}

/** What GitHub Actions reads since 2025 and 2026. */
const NEW_SYNTAX = `on:
  schedule:
    - cron: '0 2 * * *'
      timezone: Europe/Berlin
permissions:
  artifact-metadata: write
  models: read
concurrency:
  group: x
  queue: max
cache-mode: read
jobs:
  a:
    runs-on: ubuntu-slim
    cache-mode: none
    timeout-minutes: 5
    environment:
      name: x
      deployment: false
    steps:
      - uses: $/.github/actions/setup
      - id: b
        run: echo \${{ case(github.ref == 'x', 'a', 'b') }} \${{ env.LATER }}
        background: true
      - wait: [b]
      - parallel:
          - run: echo a
          - run: echo b
  b:
    needs: [a]
    uses: $/.github/workflows/other.yml
`

describe("GitHub's parser", () => {
  it('is the version that the exceptions were made for', () => {
    const manifest = readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')
    expect(JSON.parse(manifest)).toMatchObject({ dependencies: { '@actions/languageservice': PARSER_VERSION } })
  })

  it('says nothing of the syntax of 2026', async () => {
    expect(await says(NEW_SYNTAX)).toEqual([])
  })

  it('says what is wrong, in its place', async () => {
    const text = `on: [push, pussh]
jobs:
  a:
    needs: [b, nowhere]
    runs-on: x
    steps:
      - run: echo \${{ steps.nope.outputs.x }} \${{ needs.b.outputs.none }}
      - run: echo \${{ foo( }}
      - id: twice
        run: x
      - id: twice
        run: x
  b:
    runs-on: x
    outputs:
      some: x
    steps:
      - uses: actions/checkout
`
    expect(await says(text)).toMatchInlineSnapshot(`
      [
        "7:19 Context access might be invalid: nope",
        "7:47 Context access might be invalid: none",
        "18:15 Expected format {owner}/{repo}[/path]@{ref}. Actual 'actions/checkout'",
        "1:12 Unexpected value 'pussh'",
        "8:19 Unexpected end of expression: '('",
        "11:13 The identifier 'twice' may not be used more than once within the same scope",
        "4:16 Job 'a' depends on unknown job 'nowhere'",
      ]
    `)
  })

  it('says of a job that waits for itself that it makes a cycle, once', async () => {
    const text =
      'on: push\njobs:\n  a:\n    needs: [a]\n    runs-on: x\n    steps: [{ run: x }]\n  b:\n    runs-on: x\n    steps: [{ run: x }]\n'
    expect(await says(text)).toEqual(["4:13 Job 'a' depends on job 'a' which creates a cycle in the dependency graph"])
  })

  it('reads an action as one', async () => {
    expect(await says('name: a\nruns:\n  using: composite\n  steps:\n    - run: x\n', 'action')).toMatchInlineSnapshot(`
      [
        "5:7 Required property is missing: shell",
        "1:1 Required property is missing: description",
      ]
    `)
  })

  it('has an answer for each of many files, whatever they are called', async () => {
    const answers = await askParser([documentOf('on: push\njobs: {}\n'), documentOf(NEW_SYNTAX), documentOf('on: x\n')])
    expect(answers.map(({ diagnostics }) => diagnostics.length > 0)).toEqual([true, true, true])
  })

  it('promise-1: that gives up on a file has found something', () => {
    const answer = { diagnostics: [], failure: 'it broke\nbadly' }
    expect(parserFindings(documentOf('on: push\n'), answer)).toMatchObject([
      { rule: 'github-parser', line: 1, message: "GitHub's parser gave up on the file: it broke badly" },
    ])
  })
})

describe('an exception', () => {
  const NEEDED = `${NEW_SYNTAX}  c:
    needs: [nowhere]
    if: \${{ github.ref }} == 'a'
    runs-on: x
    steps:
      - run: x
`
  const NUMBER =
    'on:\n  workflow_dispatch:\n    inputs:\n      a:\n        type: string\n        default: 4\njobs:\n  a:\n    runs-on: x\n    steps: [{run: x}]\n'

  it('is made only for what the parser says', async () => {
    const texts = [NEEDED, NUMBER]
    const answers = await askParser(texts.map((text) => documentOf(text)))
    const met = answers.flatMap(({ diagnostics }, index) =>
      diagnostics.flatMap((diagnostic) => exceptionFor(diagnostic, texts[index]?.split('\n') ?? []) ?? []),
    )
    expect(PARSER_EXCEPTIONS.filter((exception) => !met.includes(exception))).toEqual([])
  })

  it('for the environment leaves what no step sets', async () => {
    const text = 'on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: echo ${{ steps.later.outputs.x }}\n'
    expect(await says(text)).toEqual(['6:19 Context access might be invalid: later'])
  })
})
