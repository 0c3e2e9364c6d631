import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { addSummary, setOutputs, tableRow } from './github.ts'

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

  it('promise-1: gets no more than one variable of the gate can hold, escaped as it will be there', () => {
    const needs = (outputs: object) => JSON.stringify({ plan: { result: 'success', outputs } }, undefined, 2)
    const run = (size: number) => {
      const matrix = { include: [{ shard: 1, projects: 'p'.repeat(size) }] }
      const env = { INTERLOCK_NEEDS: needs({ matrix: JSON.stringify(matrix) }) }
      return () => (setOutputs({}, { matrix }), execFileSync(process.execPath, ['-e', ''], { env }))
    }
    expect(run(119_000)).not.toThrow()
    expect(run(130_000)).toThrow(/CONFIG_INVALID: the plan takes 1300\d\d bytes/)
    expect(() => setOutputs({}, { matrix: Array.from({ length: 30_000 }, () => 'a') })).toThrow(/the plan takes 18\d{4} bytes/)
  })

  it('takes no text for a table', () => {
    expect(tableRow(['a|b', 'c\n| d', '<script>'])).toBe(String.raw`| a\|b | c \| d | \<script\> |`)
  })
})
