import { describe, expect, it } from 'vitest'
import { parsePaths, parseVariables, unsimulatedCommand } from './command-files.ts'

describe('a file of variables', () => {
  it('has lines and blocks', () => {
    const text = 'a=1\nb=x=y<<z\nlong<<END\none\n\ntwo=3\nEND\na=2\r\nempty=\n'
    expect(parseVariables(text, 'GITHUB_OUTPUT')).toEqual({
      ok: true,
      values: { a: '2', b: 'x=y<<z', long: 'one\n\ntwo=3', empty: '' },
    })
    expect(parseVariables('', 'GITHUB_ENV')).toEqual({ ok: true, values: {} })
  })

  it.each([
    ['nothing', 'GITHUB_OUTPUT: the line "nothing" is no name=value'],
    ['=1', 'the line "=1" is no name=value'],
    ['a<<', 'the line "a<<" is no name=value'],
    ['a<<END\n1\n', 'nothing ends the value of "a"'],
  ])('promise-1: that says %j fails the step', (text, reason) => {
    expect(parseVariables(text, 'GITHUB_OUTPUT')).toEqual({ ok: false, reason: expect.stringContaining(reason) })
  })

  it('cannot change how later steps start Node', () => {
    expect(parseVariables('NODE_OPTIONS=--require=x', 'GITHUB_ENV')).toMatchObject({ ok: false })
    expect(parseVariables('NODE_OPTIONS=--require=x', 'GITHUB_OUTPUT')).toMatchObject({ ok: true })
  })
})

it('folders for PATH come before those that were there, the last one first', () => {
  expect(parsePaths('/a\n/b\n\n')).toEqual(['/b', '/a'])
})

it('promise-1: an output given in a way that is not simulated is seen', () => {
  expect(unsimulatedCommand('x\n::set-output name=a::1\n')).toBe('set-output')
  expect(unsimulatedCommand('##[add-path]/x')).toBe('add-path')
  expect(unsimulatedCommand('::error::x\nsay ::set-output name=a::1')).toBeUndefined()
})
