import { describe, expect, it } from 'vitest'
import { HELP, parseArguments } from './arguments.mjs'

describe('the words after setup.mjs', () => {
  it('ask for nothing but the set-up when there are none', () => {
    expect(parseArguments([])).toEqual({ check: false, coverage: false, help: false, next: undefined })
  })

  it('ask for what measures Rust, beside a look and beside the set-up', () => {
    expect(parseArguments(['--check', '--coverage'])).toMatchObject({ check: true, coverage: true })
    expect(parseArguments(['--coverage'])).toMatchObject({ check: false, coverage: true })
  })

  it('name what follows, in both spellings', () => {
    expect(parseArguments(['--then', 'start']).next).toBe('start')
    expect(parseArguments(['--then=test']).next).toBe('test')
  })

  it.each([[['--then']], [['--then', 'deploy']], [['deploy']], [['--check', '--then', 'test']]])(
    'refuse %j with usage, status 2',
    (words) => {
      expect(() => parseArguments(words)).toThrow(expect.objectContaining({ name: 'SetupError', status: 2 }))
    },
  )

  it('are all named by the help', () => {
    expect(HELP).toMatch(/--check[\s\S]*--coverage[\s\S]*--then start[\s\S]*--then test[\s\S]*--help/)
  })
})
