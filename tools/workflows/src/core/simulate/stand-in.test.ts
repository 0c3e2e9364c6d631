import { describe, expect, it } from 'vitest'
import { DECLARED_ACTIONS } from '../pipeline/action-inputs.ts'
import { PINS } from '../pipeline/pins.ts'
import { standInFor } from './stand-in.ts'

const CHECKOUT = `actions/checkout@${PINS.checkout.sha}`

describe('the inputs of an action that is not run', () => {
  it('are compared with those that it declares at that commit', () => {
    expect(standInFor(CHECKOUT, { 'fetch-depth': '0', 'Persist-Credentials': 'false' })).toEqual({
      repository: 'actions/checkout',
      checked: `inputs checked against ${PINS.checkout.version}`,
    })
  })

  it.each([
    [CHECKOUT, { 'fetch-deph': '0' }, 'actions/checkout v7.0.1 has no input "fetch-deph"; did you mean fetch-depth?'],
    [`actions/cache@${PINS.cache.sha}`, { path: 'x' }, 'actions/cache v6.1.0 requires the input "key"'],
  ])('promise-1: of %s with %j are a fault', (action, inputs, fault) => {
    expect(standInFor(action, inputs)).toMatchObject({ fault })
  })

  it('promise-1: are said to be unchecked, or checked against another commit', () => {
    expect(standInFor('somebody/thing@v1', { a: 'b' }).checked).toBe('inputs not checked: the action is not in the catalogue')
    expect(standInFor('docker://alpine', {}).checked).toMatch(/^inputs not checked: /)
    expect(standInFor('./x', {}).checked).toMatch(/^inputs not checked: /)
    expect(standInFor('actions/checkout@v1', {}).checked).toBe('inputs checked against v7.0.1, which is another commit')
    expect(standInFor('github/codeql-action/upload-sarif@v4.36.2', {}).checked).toMatch(/^inputs not checked: /)
  })

  it('are known for every action that the pipeline uses', () => {
    for (const { repository, path, sha, version } of DECLARED_ACTIONS) {
      const name = path === undefined ? repository : `${repository}/${path}`
      expect(standInFor(`${name}@${sha}`, {}).checked).toBe(`inputs checked against ${version}`)
    }
  })
})
