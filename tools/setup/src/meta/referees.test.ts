import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readReferees } from '../referees.mjs'
import { interlock } from '../then/interlock.mjs'
import { ROOT, TRACKED } from './repository.ts'

interface Verdict {
  readonly name: string
  readonly version: string
  readonly outcome: 'clean' | 'findings' | 'not run'
  readonly reason?: string
  readonly files: number
  readonly findings: readonly object[]
}

const [program, ...args] = interlock(ROOT, ['ci', 'referees', '--json'])
const ended = spawnSync(program, args, { cwd: join(ROOT, 'tools'), encoding: 'utf8' })
const { referees } = JSON.parse(ended.stdout) as { readonly referees: readonly Verdict[] }
const here = referees.map((verdict) => {
  const missing = verdict.outcome === 'not run' && verdict.reason === 'it is not installed'
  return { ...verdict, missing, title: missing ? `${verdict.name} (not run: npm run setup installs it)` : verdict.name }
})

describe('interlock ci referees, over the workflows of this repository,', () => {
  it('asks every referee that set-up installs, at that version', () => {
    expect(here.map(({ name, version }) => `${name} ${version}`)).toEqual(
      readReferees(ROOT).map(({ name, version }) => `${name} ${version}`),
    )
  })

  it.for(here)('finds nothing: $title', ({ missing, outcome, findings, reason, files }, { skip }) => {
    skip(missing)
    expect({ outcome, findings, reason }).toEqual({ findings: [], outcome: 'clean', reason: undefined })
    const workflows = TRACKED.filter((path) => /^\.github\/workflows\/[^/]+\.yml$/.test(path))
    expect(files).toBeGreaterThanOrEqual(workflows.length)
    expect(workflows.length).toBeGreaterThan(0)
  })

  it('promise-1: ends with 0 only when each of them was run', () => {
    expect(ended.status).toBe(here.some(({ missing }) => missing) ? 6 : 0)
  })
})
