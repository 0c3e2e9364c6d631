import { yamlOf } from '../model/tree.ts'
import type { PlainFile } from '../model/types.ts'
import type { PipelineFacts } from './facts.ts'

/** Tells actionlint which labels the owner's machines have: it knows those of the host alone. */
export function actionlintConfig({ section: { gpu } }: PipelineFacts): PlainFile[] {
  const own = gpu?.labels.filter((label) => label !== 'self-hosted') ?? []
  if (own.length === 0) return []
  return [{ path: '.github/actionlint.yaml', body: yamlOf({ 'self-hosted-runner': { labels: own } }) }]
}
