import { expect, it } from 'vitest'
import { judgeSecrets } from './secrets.ts'

const DAY = 24 * 60 * 60 * 1000
const NOW = 1_795_000_000_000
const spec = { name: 'TOKEN', environment: 'crates', owner: '@us/release', maxAgeDays: 90 }

function stateAt(days: number | undefined): string[] {
  const secrets = days === undefined ? [] : [{ name: 'Token', updatedAt: NOW - days * DAY }]
  const stored = new Map([['crates', { kind: 'known' as const, secrets }]])
  return judgeSecrets([spec], stored, NOW).map(({ state, sentence }) => `${state}: ${sentence}`)
}

it('a secret is fresh until its day, old after it, and missing where it is not', () => {
  expect(stateAt(90)).toEqual(['fresh: 90 of 90 days old'])
  expect(stateAt(91.001)).toEqual(['old: 91 days old, and 90 is the most: @us/release renews it'])
  expect(stateAt(undefined)).toEqual(['missing: is not in the environment crates: @us/release puts it in'])
})

it('promise-1: a secret that nobody could look at is not checked, never fresh', () => {
  const refused = new Map([['crates', { kind: 'unknown' as const, reason: 'GitHub answered 403' }]])
  expect(judgeSecrets([spec], refused, NOW)).toMatchObject([{ state: 'not checked', sentence: 'GitHub answered 403' }])
  expect(judgeSecrets([spec], new Map(), NOW)).toMatchObject([{ state: 'not checked' }])
})
