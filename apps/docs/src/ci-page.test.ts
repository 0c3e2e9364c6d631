import { expect, it } from 'vitest'
import { ciPage, requirementStates } from './ci-page.mjs'
import { BEGUN, REQUIREMENTS, WAITING } from './requirements.mjs'

const SATISFIED = Object.keys(REQUIREMENTS).filter((id) => !Object.hasOwn(BEGUN, id) && !Object.hasOwn(WAITING, id))

it('says of every requirement whether it is satisfied, begun or what it waits for', () => {
  const states = requirementStates(SATISFIED)
  expect(states.map(({ id }) => id)).toEqual(Object.keys(REQUIREMENTS))
  expect(states.find(({ id }) => id === 'CI-1')?.state).toBe('satisfied')
  expect(states.find(({ id }) => id === 'CI-4')?.state).toBe('begun: coverage is not measured in these jobs yet')
  expect(states.find(({ id }) => id === 'STG-1')?.state).toBe('waits for the deployment')
})

it('refuses an id that nobody knows, one with two states, and one with none', () => {
  expect(() => requirementStates([...SATISFIED, 'CI-99'])).toThrow('CI-99 is no requirement')
  expect(() => requirementStates([...SATISFIED, 'CI-4'])).toThrow('CI-4 is satisfied, and begun')
  expect(() => requirementStates(SATISFIED.filter((id) => id !== 'DEP-2'))).toThrow('nothing satisfies DEP-2')
})

it('says what each job runs, and the name that GitHub shows where it is another', () => {
  const job = { purpose: 'p', commands: ['npx a', 'x/y'], needs: ['plan'], minutes: 5, satisfies: SATISFIED }
  const page = ciPage({
    workflows: [
      {
        file: 'a.yml',
        satisfies: [],
        jobs: [
          { ...job, id: 'b', check: 'b' },
          { ...job, id: 'gate', check: 'a-gate' },
        ],
      },
    ],
  })
  expect(page).toContain('| `b` | p | `npx a`<br>`x/y` | `plan` | 5 |')
  expect(page).toContain('| `gate`, as the check `a-gate` | p |')
  expect(page).toMatch(/\| CI-1 \| .* \| satisfied \|/u)
})
