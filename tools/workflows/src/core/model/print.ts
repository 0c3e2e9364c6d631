import { compositeStepTree } from './step-tree.ts'
import { compact, headed, type Tree, yamlOf } from './tree.ts'
import type { LocalAction, Pipeline } from './types.ts'
import { workflowTree } from './workflow-tree.ts'

/** Texts of the generated files, by path below the workspace. The same pipeline gives the same bytes. */
export function printPipeline({ workflows, actions, files }: Pipeline): Readonly<Record<string, string>> {
  return Object.fromEntries([
    ...workflows.map((workflow): [string, string] => [
      `.github/workflows/${workflow.file}`,
      headed(yamlOf(workflowTree(workflow))),
    ]),
    ...actions.map((action): [string, string] => [
      `.github/actions/${action.id}/action.yml`,
      headed(yamlOf(actionFileTree(action))),
    ]),
    ...files.map(({ path, body }): [string, string] => [path, headed(body)]),
  ])
}

function actionFileTree({ description, inputs, steps }: LocalAction): Tree {
  return compact({
    name: description,
    description,
    inputs:
      Object.keys(inputs).length === 0
        ? undefined
        : Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, { ...input }])),
    runs: { using: 'composite', steps: steps.map(compositeStepTree) },
  })
}
