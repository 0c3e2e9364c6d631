import { describe, expect, it } from 'vitest'
import { PartlyKnown } from './context-data.ts'
import { deepValueOf, evaluate, evaluateCondition, interpolate, NotEvaluableError, type Scope, valueOf } from './expression.ts'
import { statusFunctions } from './status-functions.ts'

const contexts = {
  github: { event_name: 'push', event: { pull_request: null, labels: [{ name: 'gpu' }, { name: 'docs' }] } },
  needs: { plan: { result: 'success', outputs: { expected: '{"a":"run"}' } }, constructor: { result: 'failure' } },
}
const scope: Scope = { contexts }

function after(status: 'success' | 'failure' | 'cancelled'): Scope {
  const flags = { success: false, failure: false, cancelled: false, [status]: true }
  return { contexts, functions: statusFunctions(flags) }
}

describe('an expression', () => {
  it.each<[string, unknown]>([
    ["fromJSON(needs.plan.outputs.expected)['a'] == 'run'", true],
    ["github.EVENT_NAME == 'PUSH'", true],
    ["contains(github.event.labels.*.name, 'gpu')", true],
    ['github.event.pull_request.number || github.event_name', 'push'],
    ['github.nothing.at.all', null],
    ['github.event.labels[7]', null],
    ["format('{0}-{1}', 'a', 1)", 'a-1'],
    ['case(true, 1, 2)', 1],
    ['needs.constructor.result', 'failure'],
    ['needs.__proto__', null],
    ['1 < 2 && !false', true],
  ])('%s is %j', (source, value) => {
    expect(evaluate(source, scope)).toEqual(value)
  })

  it('gives every job to toJSON, also one that is named like a method', () => {
    expect(JSON.parse(interpolate('${{ toJSON(needs) }}', scope))).toEqual(contexts.needs)
  })

  it.each([
    ['matrix.shard', "Unrecognized named-value: 'matrix' in the expression matrix.shard"],
    ['success()', "Unrecognized function: 'success'"],
    ["fromJSON('')", "empty input in the expression fromJSON('')"],
    ["fromJSON('{')", 'error parsing JSON'],
    ["'open", "in the expression 'open"],
    ['', 'braces without an expression'],
    ['1 ==', 'Unexpected end of expression'],
    ['github.event.labels[0 - 1]', 'in the expression'],
  ])('promise-1: %j is no value and says why', (source, reason) => {
    expect(() => evaluate(source, scope)).toThrow(NotEvaluableError)
    expect(() => evaluate(source, scope)).toThrow(reason)
  })

  it('promise-1: a value that nobody knows here is an error, and never the empty text', () => {
    const steps = { meta: { outputs: new PartlyKnown({ known: 'yes' }, 'the action is not run here') } }
    const partly: Scope = { contexts: { steps } }
    expect(evaluate('steps.meta.outputs.known', partly)).toBe('yes')
    expect(() => evaluate('steps.meta.outputs.other', partly)).toThrow(
      'the value "other" is not known: the action is not run here',
    )
    expect(() => interpolate('${{ toJSON(steps) }}', partly)).toThrow('the value of all of them is not known')
  })
})

describe('a text', () => {
  it('has its expressions replaced, and is a value where it is one expression', () => {
    expect(interpolate('on ${{ github.event_name }}, ${{ 3.10 }}${{ null }}', scope)).toBe('on push, 3.1')
    expect(valueOf(" ${{ fromJSON('[1]') }} ", scope)).toEqual([1])
    expect(valueOf('plain', scope)).toBe('plain')
    expect(deepValueOf({ a: ['${{ github.event_name }}', 3.1], b: null }, scope)).toEqual({ a: ['push', 3.1], b: null })
  })

  it('that nothing closes is an error', () => {
    expect(() => interpolate('${{ github', scope)).toThrow('braces that nothing closes')
  })
})

describe('a condition', () => {
  it.each<[string | undefined, 'success' | 'failure' | 'cancelled', boolean]>([
    [undefined, 'success', true],
    [undefined, 'failure', false],
    ['', 'success', true],
    ["github.event_name == 'push'", 'success', true],
    ["github.event_name == 'push'", 'failure', false],
    ["github.event_name == 'tag'", 'success', false],
    ['always()', 'failure', true],
    ['${{ always() }}', 'cancelled', true],
    ['ALWAYS ( )', 'failure', true],
    ['failure()', 'failure', true],
    ['failure()', 'success', false],
    ['!cancelled()', 'failure', true],
    ['!cancelled()', 'cancelled', false],
    ["${{ !cancelled() && github.event_name == 'push' }}", 'failure', true],
    ["'always()'", 'failure', false],
    ['false', 'success', false],
  ])('%j after %s is %j', (condition, status, holds) => {
    expect(evaluateCondition(condition, after(status)).holds).toBe(holds)
  })

  it('with text around its braces is a text, which is always true, as on GitHub', () => {
    expect(evaluateCondition('${{ false }} && true', after('success')).holds).toBe(true)
    expect(evaluateCondition('${{ false }} && true', after('failure')).holds).toBe(false)
  })
})
