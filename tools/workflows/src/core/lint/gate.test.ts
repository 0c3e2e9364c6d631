import { describe, expect, it } from 'vitest'
import { examine } from './examine.ts'
import { gatesOf, runsAfterFailure, runsAlways, waitedFor } from './gate.ts'

function documentOf(jobs: string) {
  const { document } = examine({ file: 'a.yml', kind: 'workflow', text: `jobs:\n${jobs}` }, [])
  if (document === undefined) throw new Error('is no YAML')
  return document
}

describe('a gate', () => {
  it.each([
    ['gate', true],
    ['ci-success', true],
    ['all_green', true],
    ['required-checks', true],
    ['tests-passed', true],
    ['delegate', false],
    ['deploy', false],
    ['notify-success', false],
  ])('is told by the name %s: %s', (name, gate) => {
    const document = documentOf(`  a: {}\n  ${name}: { needs: [a] }\n`)
    expect(gatesOf(document).map(({ id }) => id)).toEqual(gate ? [name] : [])
  })

  it('judges others, and nobody waits for it', () => {
    expect(gatesOf(documentOf('  gate: {}\n'))).toEqual([])
    expect(gatesOf(documentOf('  a: {}\n  gate: { needs: [a] }\n  b: { needs: [gate] }\n'))).toEqual([])
    expect(gatesOf(documentOf('  a: {}\n  b: { name: All passed gate, needs: [a] }\n'))).toHaveLength(1)
  })

  it('waits for what its jobs wait for, through a chain of any length and a cycle', () => {
    const chain = Array.from({ length: 3000 }, (_, index) => `  j${index}: { needs: [j${index + 1}] }\n`).join('')
    const document = documentOf(`${chain}  j3000: { needs: [j2999] }\n  gate: { needs: [j0] }\n`)
    const [gate] = gatesOf(document)
    expect(gate === undefined ? 0 : waitedFor(gate, document).size).toBe(3002)
  })

  it.each([
    ['always()', true],
    ["${{ always() && github.event_name != 'schedule' }}", true],
    ["always() && needs.a.result == 'success'", false],
    ['always() && !failure()', false],
    ['!cancelled()', false],
    ['success()', false],
    ['', false],
  ])('with the condition %j runs whatever became of others and of the run: %s', (condition, always) => {
    expect(runsAlways(condition)).toBe(always)
  })

  it.each([
    ['always()', true],
    ['${{ !cancelled() && github.ref }}', true],
    ['success()', false],
    ['', false],
  ])('with the condition %j may run after a failure: %s', (condition, runs) => {
    expect(runsAfterFailure(condition)).toBe(runs)
  })
})
