import type { Pipeline } from '../model/types.ts'
import { actionlintConfig } from './actionlint-config.ts'
import { ciWorkflow } from './ci.ts'
import { codeOwners } from './code-owners.ts'
import { dependabotWorkflow } from './dependabot-auto-merge.ts'
import { dependabotFile } from './dependabot.ts'
import { docsWorkflow } from './docs.ts'
import type { PipelineFacts } from './facts.ts'
import { gpuWorkflow } from './gpu-tests.ts'
import { maintenanceWorkflow } from './maintenance.ts'
import { PACKAGES_ACTION } from './packages-action.ts'
import { withPins } from './pin-overrides.ts'
import { setupAction } from './setup-action.ts'

/** Everything that is generated below `.github`. */
export function pipelineOf(facts: PipelineFacts): Pipeline {
  const pipeline: Pipeline = {
    workflows: [
      ciWorkflow(facts),
      ...gpuWorkflow(facts),
      ...docsWorkflow(facts),
      dependabotWorkflow(facts),
      maintenanceWorkflow(facts),
    ],
    actions: [PACKAGES_ACTION, setupAction(facts)],
    files: [...dependabotFile(facts), ...codeOwners(facts), ...actionlintConfig(facts)],
  }
  return withPins(pipeline, facts.section.pins)
}
