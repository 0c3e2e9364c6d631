import { parseConfig } from '@interlock/kit'
import type { PipelineFacts } from '../core/pipeline/facts.ts'
import { ciSection } from '../core/pipeline/section.ts'

/** A section that asks for every file there is. */
export const WHOLE_SECTION = `ci:
  engines: [codeql]
  monthly: [fuzz]
  docs: { project: docs, output: dist/docs }
  gpu: { group: gpu, labels: [self-hosted, gpu], environment: gpu, targets: [test-gpu] }
  environments: [{ name: github-pages }, { name: gpu, reviewers: ['@us/maintainers'] }]
  owners: { everything: ['@us/maintainers'], security: ['@us/security'] }
`

/** Facts of a repository with these sections in its interlock.yaml. */
export function factsFor(config: string, more: Partial<PipelineFacts> = {}): PipelineFacts {
  return {
    section: parseConfig(config, { ci: ciSection }).ci,
    mainBranch: 'main',
    pythonVersions: ['3.9', '3.10'],
    hasSetupScript: true,
    rootFiles: ['Cargo.lock', 'Cargo.toml', 'interlock.yaml', 'nx.json', 'package.json', 'pyproject.toml'],
    manifests: ['Cargo.toml', 'package.json', 'pyproject.toml'],
    ...more,
  }
}
