import { describe, expect, it } from 'vitest'
import { sentenceOf } from './drift.ts'
import { planGeneration } from './generation.ts'
import { MARKER } from './model/tree.ts'
import { factsFor, WHOLE_SECTION } from '../testing/facts.ts'

const FACTS = factsFor(WHOLE_SECTION)
const { writes: all } = planGeneration(FACTS, {})
const CI = '.github/workflows/ci.yml'

describe('a generation', () => {
  it('writes what is missing, and then nothing', () => {
    expect(Object.keys(all)).toContain(CI)
    expect(planGeneration(FACTS, all)).toEqual({ drift: [], writes: {}, removals: [] })
  })

  it('writes back what was edited by hand, and what the facts changed', () => {
    const edited = { ...all, [CI]: (all[CI] ?? '').replace('  merge_group: {}\n', '') }
    expect(edited[CI]).not.toBe(all[CI])
    expect(planGeneration(FACTS, edited)).toEqual({
      drift: [{ file: CI, kind: 'changed' }],
      writes: { [CI]: all[CI] },
      removals: [],
    })
    expect(planGeneration({ ...FACTS, mainBranch: 'trunk' }, all).drift).toEqual([
      { file: CI, kind: 'changed' },
      { file: '.github/workflows/docs.yml', kind: 'changed' },
      { file: '.github/workflows/dependabot-auto-merge.yml', kind: 'changed' },
    ])
  })

  it('has no file for what interlock.yaml does not ask for, and removes the one that it had', () => {
    expect(planGeneration(factsFor(''), all).removals).toEqual([
      '.github/workflows/gpu-tests.yml',
      '.github/workflows/docs.yml',
      '.github/CODEOWNERS',
      '.github/actionlint.yaml',
    ])
  })

  it('removes what it wrote once and has no more', () => {
    const present = { ...all, '.github/workflows/old.yml': `${MARKER} (00): x\n` }
    expect(planGeneration(FACTS, present)).toMatchObject({ writes: {}, removals: ['.github/workflows/old.yml'] })
  })

  it('finds a workflow of others that interlock.yaml does not name, and leaves it', () => {
    const own = '.github/workflows/own.yml'
    const present = { ...all, [own]: 'name: own\n', '.github/actions/own/action.yml': 'name: own\n' }
    expect(planGeneration(FACTS, present)).toEqual({ drift: [{ file: own, kind: 'unlisted' }], writes: {}, removals: [] })
    const named = { ...FACTS, section: { ...FACTS.section, handwritten: ['own.yml'] } }
    expect(planGeneration(named, present).drift).toEqual([])
  })

  it('never writes over a file of somebody else', () => {
    const plan = planGeneration(FACTS, { ...all, [CI]: 'name: mine\n' })
    expect(plan).toEqual({ drift: [{ file: CI, kind: 'foreign' }], writes: {}, removals: [] })
    expect(plan.drift.map(sentenceOf)).toEqual([`${CI} is written by hand, and the pipeline has a file of that name`])
  })
})
