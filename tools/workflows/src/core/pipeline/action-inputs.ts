import type { Pin } from '../model/pin.ts'
import { PINS } from './pins.ts'

/** What a third-party action takes, as its action.yml declares it at one commit. */
export type DeclaredAction = Pick<Pin, 'repository' | 'path' | 'inputs'> & { readonly version: string; readonly sha: string }

/** The actions of the pipeline, and those that workflows written by hand use most: read from action.yml at the commit. */
export const DECLARED_ACTIONS: readonly DeclaredAction[] = [
  ...Object.values<Pin>(PINS),
  {
    repository: 'astral-sh/setup-uv',
    version: 'v10.0.1',
    sha: '20cfd1bf945f4377ade1205e4dbc17946fc9a30d',
    inputs: inputs({
      optional:
        'activate-environment add-problem-matchers cache-dependency-glob cache-local-path cache-python cache-suffix checksum download-from-astral-mirror enable-cache github-token ignore-empty-workdir ignore-nothing-to-cache manifest-file no-project prune-cache python-version quiet resolution-strategy restore-cache save-cache tool-bin-dir tool-dir venv-path version version-file working-directory',
    }),
  },
  {
    repository: 'actions/upload-artifact',
    version: 'v7.0.0',
    sha: 'bbbca2ddaa5d8feaa63e36b76fdaad77386f024f',
    inputs: inputs({
      required: 'path',
      optional: 'archive compression-level if-no-files-found include-hidden-files name overwrite retention-days',
    }),
  },
  {
    repository: 'actions/download-artifact',
    version: 'v8.0.1',
    sha: '3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c',
    inputs: inputs({
      optional: 'artifact-ids digest-mismatch github-token merge-multiple name path pattern repository run-id skip-decompress',
    }),
  },
]

function inputs({ required = '', optional }: { readonly required?: string; readonly optional: string }): Pin['inputs'] {
  return { required: required.split(' ').filter((word) => word !== ''), optional: optional.split(' ') }
}
