import { expect, it } from 'vitest'
import { ciPage, requirementStates } from './ci-page.mjs'

it('says of every requirement whether it is satisfied, begun or waits', () => {
  const states = requirementStates(['CI-1', 'SEC-2'])
  expect(states.filter(({ state }) => state === 'satisfied').map(({ id }) => id)).toEqual(['CI-1', 'SEC-2'])
  expect(states.find(({ id }) => id === 'CI-4')?.state).toBe('coverage is not measured in these jobs yet')
  expect(states.find(({ id }) => id === 'STG-1')?.state).toBe('waits')
})

it('refuses an id that nobody knows, and one that is satisfied and begun', () => {
  expect(() => requirementStates(['CI-99'])).toThrow('CI-99 is no requirement')
  expect(() => requirementStates(['CI-4'])).toThrow('CI-4 is satisfied: take it out of what is begun')
})

it('says what each job runs, and the name that GitHub shows where it is another', () => {
  const job = { purpose: 'p', commands: ['npx a', 'x/y'], needs: ['plan'], minutes: 5, satisfies: ['CI-1'] }
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
