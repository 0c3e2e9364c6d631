import type { Pipeline } from '../model/types.ts'
import { ciWorkflow } from './ci.ts'
import type { PipelineFacts } from './facts.ts'
import { withPins } from './pin-overrides.ts'
import { setupAction } from './setup-action.ts'

/** Everything that is generated below `.github`. */
export function pipelineOf(facts: PipelineFacts): Pipeline {
  return withPins({ workflows: [ciWorkflow(facts)], actions: [setupAction(facts)] }, facts.pins ?? {})
}
