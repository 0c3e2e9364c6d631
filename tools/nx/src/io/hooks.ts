import { logger, type PostTasksExecutionContext, type PreTasksExecutionContext, readCachedProjectGraph } from '@nx/devkit'
import { matchingProjects } from '@interlock/kit/nx'
import { type StaleProject, staleProjects } from '../core/closures.ts'
import { expectHonestRun, runWarnings } from '../core/hook-checks.ts'
import { diskState, staleOnDisk } from './disk-state.ts'
import { lastFindings } from './plugin-state.ts'
import { RUN_REPORT_VARIABLE, writeRunReport } from './run-report.ts'

/** Refuses a run that would report success for nothing. Nx runs it before tasks, also when there are none. */
export async function preTasksExecution(_options: unknown, context: PreTasksExecutionContext): Promise<void> {
  const { nodes } = readCachedProjectGraph()
  expectHonestRun({
    argv: context.argv,
    env: process.env,
    projects: Object.fromEntries(Object.entries(nodes).map(([name, { data }]) => [name, Object.keys(data.targets ?? {})])),
    matching: (patterns) => matchingProjects(patterns, nodes),
  })
  // The command that asks for a report has said it already: under the daemon nobody sees what is written here.
  if (process.env[RUN_REPORT_VARIABLE] !== undefined) return
  const { cacheDirectory } = context.nxJsonConfiguration
  for (const warning of runWarnings({ stale: staleNow(context), cacheDirectory, env: process.env }))
    logger.warn(`interlock: ${warning}`)
}

function staleNow({ workspaceRoot, nxJsonConfiguration }: PreTasksExecutionContext): readonly StaleProject[] {
  const known = lastFindings(workspaceRoot)
  if (known !== undefined) return staleProjects(known.results, known.facts.closures)
  return staleOnDisk(diskState(workspaceRoot, nxJsonConfiguration))
}

/** Writes the report of the run where the command that started Nx asked for one. */
export async function postTasksExecution(_options: unknown, context: PostTasksExecutionContext): Promise<void> {
  const file = process.env[RUN_REPORT_VARIABLE]
  if (file !== undefined && file !== '') writeRunReport(context, file)
}
