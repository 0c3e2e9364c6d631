import { writeFileSync } from 'node:fs'
import { expect, inject, test } from 'vitest'
import { KIND_NAMES } from './edits/index.ts'
import { observe } from './harness.ts'
import { renderPage } from './page.ts'
import { PRICE_LIMIT, renderSummary, summarise } from './summary.ts'

const number = (name: string, otherwise: number): number => Number(process.env[`INTERLOCK_SOUNDNESS_${name}`] ?? otherwise)

const PLAN = {
  edits: number('EDITS', 48),
  workspaces: number('WORKSPACES', 6),
  seed: number('SEED', 20261123),
  jobs: number('JOBS', 2),
}
/** From this many edits on, a kind that was never drawn is a hole in the test. */
const EVERY_KIND_FROM = 300
/** Few edits say little about the price: one move of a project weighs as much as ten edits of a file. */
const RATIO = PLAN.edits < EVERY_KIND_FROM ? 1.5 : PRICE_LIMIT

test(
  'promise-2-no-needed-test-is-missed-and-few-are-run-in-vain',
  async () => {
    const { folder } = inject('installed')
    const started = performance.now()
    let count = 0
    const outcome = await observe({ ...PLAN, installed: folder }, (observation) => {
      count++
      if (observation.missed.length === 0 && count % 25 !== 0) return
      const seconds = Math.round((performance.now() - started) / 1000)
      const { edit, missed, workspace, synced } = observation
      process.stderr.write(
        `${count}/${PLAN.edits} ${seconds} s, workspace ${workspace}, ${edit.description} (${edit.kind}, ${synced ? 'synced' : 'not synced'}): missed ${missed.join(' ') || 'none'}\n`,
      )
    })
    const summary = summarise(outcome)
    process.stdout.write(renderSummary(summary))
    const page = process.env['INTERLOCK_SOUNDNESS_PAGE']
    if (page !== undefined) writeFileSync(page, renderPage(summary, PLAN, (performance.now() - started) / 1000))
    expect(outcome.errors).toEqual([])
    expect(summary.edits).toBe(PLAN.edits)
    expect(outcome.observations.filter(({ missed }) => missed.length > 0)).toEqual([])
    expect(outcome.observations.filter(({ needed }) => needed.length > 0).length).toBeGreaterThan(PLAN.edits / 2)
    expect(summary.ratio).toBeLessThanOrEqual(RATIO)
    const drawn = new Set(summary.kinds.map(({ kind }) => kind))
    const holes = PLAN.edits < EVERY_KIND_FROM ? [] : KIND_NAMES.filter((kind) => !drawn.has(kind))
    expect(holes).toEqual([])
  },
  4 * 60 * 60_000,
)
