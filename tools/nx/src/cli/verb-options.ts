import type { VerbOption } from '@interlock/cli'

/** What to run. */
export const TARGETS_OPTION: VerbOption = { flags: '-t, --targets <names...>', description: 'targets to run', required: true }

export const ALL_OPTION: VerbOption = { flags: '--all', description: 'run every project, whatever changed' }

/** What to compare. */
export const BASE_OPTIONS: readonly VerbOption[] = [
  {
    flags: '--base <ref>',
    description: 'commit or branch to compare with (else NX_BASE, else the merge base with the default branch)',
  },
  {
    flags: '--head <ref>',
    description: 'commit that is compared (else NX_HEAD, else HEAD and every file that is not committed)',
  },
]

export const EVENT_OPTION: VerbOption = {
  flags: '--event <file>',
  description: 'payload of a GitHub event to take the base from (else that of GITHUB_EVENT_PATH, in GitHub Actions)',
}
