import { expect, it } from 'vitest'
import { requirementStates } from './ci-page.mjs'

it('says of every requirement whether it is satisfied, begun or waits', () => {
  const states = requirementStates(['CI-1', 'SEC-2'])
  expect(states.filter(({ state }) => state === 'satisfied').map(({ id }) => id)).toEqual(['CI-1', 'SEC-2'])
  expect(states.find(({ id }) => id === 'CI-2')?.state).toBe('nothing is cached between runs yet')
  expect(states.find(({ id }) => id === 'GPU-1')?.state).toBe('waits')
})

it('refuses an id that nobody knows, and one that is satisfied and begun', () => {
  expect(() => requirementStates(['CI-99'])).toThrow('CI-99 is no requirement')
  expect(() => requirementStates(['CI-2'])).toThrow('CI-2 is satisfied: take it out of what is begun')
})
