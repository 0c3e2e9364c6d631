import { writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { observe } from './harness.ts'
import { renderSummary, summarise } from './summary.ts'

const EDITS = Number(process.env['INTERLOCK_SOUNDNESS_EDITS'] ?? 36)
const WORKSPACES = Number(process.env['INTERLOCK_SOUNDNESS_WORKSPACES'] ?? 3)
const SEED = Number(process.env['INTERLOCK_SOUNDNESS_SEED'] ?? 20261123)

test(
  'promise-2-no-needed-test-is-missed-and-few-are-run-in-vain',
  () => {
    const observations = observe({
      seed: SEED,
      workspaces: WORKSPACES,
      edits: EDITS,
      onObservation: ({ edit, missed }, count) => {
        if (missed.length > 0 || count % 25 === 0)
          process.stderr.write(`${count}/${EDITS} ${edit.description}: missed ${missed.join(' ') || 'none'}\n`)
      },
    })
    const summary = summarise(observations)
    process.stdout.write(renderSummary(summary))
    const report = process.env['INTERLOCK_SOUNDNESS_REPORT']
    if (report !== undefined) writeFileSync(report, renderSummary(summary))
    expect(summary.edits).toBe(EDITS)
    expect(observations.filter(({ missed }) => missed.length > 0)).toEqual([])
    expect(observations.filter(({ needed }) => needed.length > 0).length).toBeGreaterThan(EDITS / 2)
    expect(summary.ratio).toBeLessThanOrEqual(1.15)
  },
  4 * 60 * 60_000,
)
