import { type GeneratedSet, generatedSet } from '../core/adopt/generated.ts'
import { printPipeline } from '../core/model/print.ts'
import { targetsOf } from '../core/pipeline/facts.ts'
import { pipelineOf } from '../core/pipeline/pipeline.ts'
import { pipelineFacts } from './facts.ts'

/** What would be generated for this repository. Nothing is written. */
export function generatedFor(root: string): GeneratedSet {
  const facts = pipelineFacts(root)
  const { pythonVersions, mainBranch } = facts
  return generatedSet(printPipeline(pipelineOf(facts)), { targets: targetsOf(facts), pythonVersions, mainBranch })
}
