import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { addSummary, expectOutputs, setOutputs, tableRow } from './github.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'interlock-github-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('GitHub Actions', () => {
  it('gets a word as it is and everything else as one line of JSON, after what is there', () => {
    const env = { GITHUB_OUTPUT: join(folder, 'output') }
    setOutputs(env, { expected: { a: 'run' } })
    setOutputs(env, { text: 'two\nlines=x' })
    setOutputs(env, { sha: 'ab12' })
    expect(readFileSync(env.GITHUB_OUTPUT, 'utf8')).toBe('expected={"a":"run"}\ntext="two\\nlines=x"\nsha=ab12\n')
  })

  it('gets nothing where it is not there', () => {
    setOutputs({ GITHUB_OUTPUT: '' }, { a: 1 })
    addSummary({}, 'text')
    expect(existsSync(join(folder, 'output'))).toBe(false)
  })

  it('promise-1: gets no more than it keeps', () => {
    expectOutputs({ a: 'x'.repeat(1_000_000) })
    expect(() => expectOutputs({ a: 'x'.repeat(600_000), b: 'é'.repeat(300_000) })).toThrow(
      /CONFIG_INVALID: the plan takes 12000\d\d bytes/,
    )
  })

  it('takes no text for a table', () => {
    expect(tableRow(['a|b', 'c\n| d', '<script>'])).toBe(String.raw`| a\|b | c \| d | \<script\> |`)
  })
})
