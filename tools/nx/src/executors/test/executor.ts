import type { ExecutorContext } from '@nx/devkit'
import { judgeTests } from '../../core/test-verdict.ts'
import { expectReport, hasReport } from '../../io/coverage-report.ts'
import { runCommand, sayNotRun, succeeded } from '../../io/run-command.ts'
import { schema } from './schema.ts'

/**
 * Runs tests and counts them: a run that tested nothing is not a success unless the project allows it, and neither is one
 * that leaves no report where it was asked for one.
 */
export default async function test(options: unknown, context: ExecutorContext): Promise<{ success: boolean }> {
  const { runner, allowNoTests, report, ...command } = schema.parse(options)
  expectReport(context.root, report)
  const result = await runCommand(command, context.root)
  if (result.kind !== 'exited') return { success: succeeded(result) }
  const output = `${result.stdout}\n${result.stderr}`
  const verdict = judgeTests({ runner, status: result.status, output, allowNoTests })
  if (verdict.kind === 'not-run') sayNotRun(verdict.tool)
  if (verdict.kind === 'no-tests') process.stderr.write(verdict.allowed ? '\nno tests (allowed)\n' : NO_TESTS)
  if (verdict.kind === 'passed') return { success: hasReport(context.root, report) }
  return { success: verdict.kind === 'no-tests' && verdict.allowed }
}

const NO_TESTS = `
no tests

hint: write one, or allow an empty run: "allowNoTests" in nx.json, or in the project's manifest
`
