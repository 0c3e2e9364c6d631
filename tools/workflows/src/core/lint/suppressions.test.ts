import { describe, expect, it } from 'vitest'
import { examine, judge } from './examine.ts'
import { missingTimeout } from './rules/missing-timeout.ts'
import { templateInjection } from './rules/template-injection.ts'

const RULES = [missingTimeout, templateInjection]

/** What is found in a workflow of one job, by line. */
function lint(lines: readonly string[]): readonly string[] {
  const text = ['jobs:', ...lines].join('\n')
  const found = judge(examine({ file: 'a.yml', kind: 'workflow', text }, RULES), [], RULES)
  return found.map(({ line, rule, message }) => `${line} ${rule}${rule === 'suppression' ? `: ${message}` : ''}`)
}

describe('a comment that suppresses', () => {
  it('holds for its line, or for the next line when it stands alone', () => {
    expect(lint(['  a:', '    steps: []'])).toEqual(['2 missing-timeout'])
    expect(lint(['  a: # interlock: ignore[missing-timeout] it is short', '    steps: []'])).toEqual([])
    expect(lint(['  # interlock: ignore[missing-timeout] it is short', '  # and more', '  a:', '    steps: []'])).toEqual([])
  })

  it('before a block of text holds for all of it', () => {
    const script = [
      '  a:',
      '    timeout-minutes: 1',
      '    steps:',
      '      # interlock: ignore[template-injection] a number',
      '      - run: |',
      '          echo',
      '          echo ${{ github.run_id }}',
    ]
    expect(lint(script)).toEqual([])
  })

  it('suppresses nothing of another rule, and nothing elsewhere', () => {
    expect(lint(['  a: # interlock: ignore[template-injection] wrong rule', '    steps: []'])).toEqual([
      '2 missing-timeout',
      '2 suppression: Ignores template-injection, which finds nothing here',
    ])
  })

  it.each([
    ['ignore[missing-timeout]', 'Ignores missing-timeout without a reason'],
    ['ignore[missing-timeouts] it is short', 'Ignores missing-timeouts, which is no rule that can be ignored'],
    ['ignore[invalid-yaml] it is short', 'Ignores invalid-yaml, which is no rule that can be ignored'],
    ['ignore it is short', 'Name what is ignored: interlock: ignore[rule] reason'],
    ['ignore[] it is short', 'Name what is ignored: interlock: ignore[rule] reason'],
  ])('promise-1: %s is a finding itself, and suppresses nothing', (comment, message) => {
    expect(lint([`  a: # interlock: ${comment}`, '    steps: []'])).toEqual(['2 missing-timeout', `2 suppression: ${message}`])
  })
})
