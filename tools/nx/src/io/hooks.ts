import { logger, type PostTasksExecutionContext, type PreTasksExecutionContext, readCachedProjectGraph } from '@nx/devkit'
import { InterlockError } from '@interlock/kit'
import { matchingProjects } from '@interlock/kit/nx'
import { type StaleProject, staleProjects } from '../core/closures.ts'
import { expectHonestRun, runWarnings } from '../core/hook-checks.ts'
import { endCache, startCache } from './cache.ts'
import { diskState, staleOnDisk } from './disk-state.ts'
import { lastFindings } from './plugin-state.ts'
import { requestedReport, writeRefusal, writeRunReport } from './run-report.ts'

/** Refuses a run that would report success for nothing. Nx runs it before tasks, also when there are none. */
export async function preTasksExecution(_options: unknown, context: PreTasksExecutionContext): Promise<void> {
  refuseDishonestRun(context)
  for (const warning of await startCache(context)) logger.warn(`interlock: ${warning}`)
  // The command that asks for a report has said it already: under the daemon nobody sees what is written here.
  if (requestedReport(process.env, context.workspaceRoot) !== undefined) return
  const { cacheDirectory } = context.nxJsonConfiguration
  for (const warning of runWarnings({ stale: staleNow(context), cacheDirectory, env: process.env }))
    logger.warn(`interlock: ${warning}`)
}

function refuseDishonestRun({ argv, workspaceRoot }: PreTasksExecutionContext): void {
  const { nodes } = readCachedProjectGraph()
  const projects = Object.fromEntries(Object.entries(nodes).map(([name, { data }]) => [name, Object.keys(data.targets ?? {})]))
  try {
    expectHonestRun({ argv, env: process.env, projects, matching: (patterns) => matchingProjects(patterns, nodes) })
  } catch (error) {
    const file = requestedReport(process.env, workspaceRoot)
    if (file === undefined || !(error instanceof InterlockError)) throw error
    // The command that waits for the report says it, once and with its status; Nx only has to stop.
    writeRefusal(error, file)
    throw withoutStack('interlock: nothing was run')
  }
}

/** Nx offers to show the stack of any error that has one. */
function withoutStack(message: string): Error {
  const error = new Error(message)
  delete error.stack
  return error
}

function staleNow({ workspaceRoot, nxJsonConfiguration }: PreTasksExecutionContext): readonly StaleProject[] {
  const known = lastFindings(workspaceRoot)
  if (known !== undefined) return staleProjects(known.results, known.facts.closures)
  return staleOnDisk(diskState(workspaceRoot, nxJsonConfiguration))
}

/** Ends the part of the cache in the run, and writes the report where the command that started Nx asked for one. */
export async function postTasksExecution(_options: unknown, context: PostTasksExecutionContext): Promise<void> {
  const cache = await endCache(context)
  const file = requestedReport(process.env, context.workspaceRoot)
  if (file !== undefined) writeRunReport({ ...context, ...(cache === undefined ? {} : { cache }) }, file)
  else if (cache !== undefined) process.stdout.write(`\n${cache.line}\n`)
}
