import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { JOB_IDS } from '../core/jobs.ts'
import { PLAN_OUTPUT } from '../core/needs.ts'
import { setOutputs } from '../io/github.ts'
import { REPOSITORY } from './generated.ts'

/** Machines of the jobs that the plan of these tests has work for. */
const PLANNED: Readonly<Record<string, number>> = { 'rust-tests': 2, 'typescript-tests': 1 }
/** Jobs that it has none for. */
export const EMPTY_JOBS: readonly string[] = JOB_IDS.filter((id) => PLANNED[id] === undefined)

/** `real`: the command itself. `quick`: red for any failure, in a thousandth of the time. */
export type GateStandIn = 'real' | 'quick'

const GATES: Readonly<Record<GateStandIn, string>> = {
  real: `cd ${REPOSITORY} && node tools/cli/bin/interlock.js ci gate`,
  quick: 'case "$INTERLOCK_NEEDS" in *failure*) exit 5;; esac',
}

export interface StandIns {
  /** What is run in the place of a command: the plan is given, and everything but what is broken succeeds. */
  readonly standIn: (command: string, job: string) => string
  readonly dispose: () => void
}

/** Cheap commands for generated workflows. `broken` is a job that fails, or a project whose tasks do. */
export function standIns({
  broken,
  gate = 'quick',
}: {
  readonly broken?: string | undefined
  readonly gate?: GateStandIn
}): StandIns {
  const folder = mkdtempSync(join(tmpdir(), 'interlock-stand-ins-'))
  const plan = join(folder, 'plan')
  setOutputs(
    { GITHUB_OUTPUT: plan },
    {
      [PLAN_OUTPUT]: Object.fromEntries(JOB_IDS.map((id) => [id, PLANNED[id] === undefined ? 'empty' : 'run'])),
      ...Object.fromEntries(JOB_IDS.map((id) => [id, matrix(PLANNED[id] ?? 0)])),
    },
  )
  return {
    standIn: (command, job) => {
      if (job !== '' && job === broken) return 'exit 1'
      if (command.includes(' ci plan ')) return `cat ${plan} >> "$GITHUB_OUTPUT"`
      if (command.includes(' ci gate')) return GATES[gate]
      if (command.endsWith(' ci authorize')) return 'echo sha=HEAD >> "$GITHUB_OUTPUT"'
      return `test "$INTERLOCK_PROJECTS" != "${broken ?? ''}" || test -z "$INTERLOCK_PROJECTS"`
    },
    dispose: () => rmSync(folder, { recursive: true }),
  }
}

function matrix(shards: number): object {
  return {
    include: Array.from({ length: shards }, (_, index) => ({ shard: index + 1, shards, projects: `project-${index + 1}` })),
  }
}
