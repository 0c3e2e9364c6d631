import { fileURLToPath } from 'node:url'
import { createTestWorkspace, type TestWorkspace } from '@interlock/kit/testing'
import { printPipeline } from '../core/model/print.ts'
import type { PipelineFacts } from '../core/pipeline/facts.ts'
import { pipelineOf } from '../core/pipeline/pipeline.ts'
import { pipelineFacts } from '../io/facts.ts'

/** The root of this repository. */
export const REPOSITORY: string = fileURLToPath(new URL('../../../../', import.meta.url))

/** Repositories that files are generated for: this one, and others that differ in what decides about the files. */
export const REPOSITORIES: Readonly<Record<string, PipelineFacts>> = variants(pipelineFacts(REPOSITORY))

function variants(own: PipelineFacts): Readonly<Record<string, PipelineFacts>> {
  return {
    'this repository': own,
    'a repository without a set-up of its own': { ...own, hasSetupScript: false },
    'a repository with one Python and another main branch': { ...own, mainBranch: 'trunk', pythonVersions: ['3.10'] },
  }
}

/** A repository that holds what is generated for it, committed. */
export async function generatedWorkspace(facts: PipelineFacts): Promise<TestWorkspace> {
  const workspace = await createTestWorkspace({ files: printPipeline(pipelineOf(facts)) })
  await workspace.commit('generated')
  return workspace
}
