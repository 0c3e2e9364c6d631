import { type Drift, driftOf } from './drift.ts'
import { printPipeline } from './model/print.ts'
import type { PipelineFacts } from './pipeline/facts.ts'
import { pipelineOf } from './pipeline/pipeline.ts'

/** What has to happen so that the generated files are what the pipeline says. */
export interface Generation {
  readonly drift: readonly Drift[]
  /** Texts to write, by path. */
  readonly writes: Readonly<Record<string, string>>
  readonly removals: readonly string[]
}

/** Plans the generation for what is there. A hand-written file is neither written over nor removed. */
export function planGeneration(facts: PipelineFacts, present: Readonly<Record<string, string>>): Generation {
  const expected = printPipeline(pipelineOf(facts))
  const drift = driftOf({ expected, present, handwritten: facts.section.handwritten })
  const written = drift.filter(({ kind }) => kind === 'missing' || kind === 'changed')
  return {
    drift,
    writes: Object.fromEntries(written.map(({ file }) => [file, expected[file] ?? ''])),
    removals: drift.filter(({ kind }) => kind === 'orphan').map(({ file }) => file),
  }
}
