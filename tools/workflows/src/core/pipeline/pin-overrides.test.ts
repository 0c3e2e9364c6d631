import { describe, expect, it } from 'vitest'
import { factsFor, WHOLE_SECTION } from '../../testing/facts.ts'
import { printPipeline } from '../model/print.ts'
import { pinOverridesSchema } from './pin-overrides.ts'
import { pipelineOf } from './pipeline.ts'

const SHA = 'b'.repeat(40)
const FACTS = factsFor(WHOLE_SECTION)

it('the version of interlock.yaml is printed everywhere, and nothing else changes', () => {
  const pins = { 'actions/checkout': { version: 'v7.0.9', sha: SHA, reviewed: 'x' } }
  const before = Object.values(printPipeline(pipelineOf(FACTS))).join('')
  const after = Object.values(printPipeline(pipelineOf({ ...FACTS, section: { ...FACTS.section, pins } }))).join('')
  const withoutDigests = (text: string): string => text.replaceAll(/\([0-9a-f]{16}\)/gu, '')
  expect(after).toContain(`uses: actions/checkout@${SHA} # v7.0.9\n`)
  expect(withoutDigests(after)).toBe(
    withoutDigests(before).replaceAll(/(actions\/checkout)@[0-9a-f]{40} # \S+/gu, `$1@${SHA} # v7.0.9`),
  )
})

describe('a pin of interlock.yaml', () => {
  const pin = { version: 'v1.2.3', sha: SHA, reviewed: 'today' }
  it('is a repository, a version, a commit and who looked', () => {
    expect(pinOverridesSchema.parse({ 'acme/tool.js': pin })).toEqual({ 'acme/tool.js': pin })
  })

  it.each([
    [{ 'acme/..': pin }],
    [{ 'acme/tool/sub': pin }],
    [{ '$(id)/x': pin }],
    [{ 'acme/tool': { ...pin, version: 'v1' } }],
    [{ 'acme/tool': { ...pin, version: 'v1.2.3\n' } }],
    [{ 'acme/tool': { ...pin, sha: SHA.slice(1) } }],
    [{ 'acme/tool': { ...pin, sha: 1e40 } }],
    [{ 'acme/tool': { ...pin, reviewed: '' } }],
    [{ 'acme/tool': { version: pin.version, sha: SHA } }],
    [{ 'acme/tool': { ...pin, runtime: 'docker' } }],
  ])('is not %j', (value) => {
    expect(pinOverridesSchema.safeParse(value).success).toBe(false)
  })
})
