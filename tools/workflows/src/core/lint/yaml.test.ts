import { describe, expect, it } from 'vitest'
import { readYaml } from './yaml.ts'
import { textAt, valueAt } from './value.ts'

function problemsIn(text: string): readonly string[] {
  const result = readYaml(text)
  return result.kind === 'value' ? [] : result.problems.map(({ line, column, message }) => `${line}:${column} ${message}`)
}

describe('reading YAML', () => {
  it('keeps what is written of a number, and the place of everything', () => {
    const result = readYaml('a:\n  b: 3.10 # c\n  d: |\n    x\n')
    if (result.kind !== 'value') throw new Error('is YAML')
    expect(valueAt(result.value, 'a', 'b')).toMatchObject({ kind: 'number', text: '3.10', style: 'plain' })
    expect(valueAt(result.value, 'a', 'd')).toMatchObject({ kind: 'text', text: 'x\n', style: 'block' })
    expect(result.placeOf(valueAt(result.value, 'a', 'b')?.from ?? 0)).toEqual({ line: 2, column: 6 })
  })

  it('follows an alias to its anchor', () => {
    const result = readYaml('a: &x\n  b: 1\nc: *x\n')
    if (result.kind !== 'value') throw new Error('is YAML')
    expect(textAt(result.value, 'c', 'b')).toBe('1')
  })

  it('reads lines that end as on Windows, with their places', () => {
    const result = readYaml('on: push\r\njobs:\r\n  a:\r\n    if: x\r\n')
    if (result.kind !== 'value') throw new Error('is YAML')
    expect(textAt(result.value, 'on')).toBe('push')
    expect(result.placeOf(valueAt(result.value, 'jobs', 'a', 'if')?.from ?? 0)).toEqual({ line: 4, column: 9 })
  })

  it.each([
    ['', ['1:1 The file is empty']],
    ['# nothing\n', ['1:1 The file is empty']],
    ['a: 1\na: 2\n', ['2:1 The key a stands here twice']],
    ['a: [1\n', ['2:1 Flow sequence in block collection must be sufficiently indented and end with a ]']],
    ['a: 1\n---\nb: 2\n', [expect.stringMatching(/^2:1 Source contains multiple documents/)]],
    ['a: *nowhere\n', ['1:4 The alias *nowhere has no anchor that ends before it']],
    ['? [a]\n: b\n', ['1:3 A key is not a text']],
    ['a: &x [*x]\n', ['1:8 The alias *x has no anchor that ends before it']],
  ])('says where %j is no YAML', (text, problems) => {
    expect(problemsIn(text)).toEqual(problems)
  })

  it.each([200, 50_000])('refuses %i levels of lists', (levels) => {
    expect(problemsIn(`a: ${'['.repeat(levels)}${']'.repeat(levels)}\n`)).toEqual([
      expect.stringMatching(/nest deeper than 100 levels$/),
    ])
  })

  it('refuses aliases that grow into millions of values, without making them', () => {
    const lines = Array.from(
      { length: 20 },
      (_, index) => `a${index}: &a${index} [${`*a${index - 1},`.repeat(index === 0 ? 0 : 9)}x]`,
    )
    expect(problemsIn(`${lines.join('\n')}\n`)).toEqual([
      expect.stringMatching(/^\d+:\d+ Aliases make more than 200000 values of it$/),
    ])
  })
})
