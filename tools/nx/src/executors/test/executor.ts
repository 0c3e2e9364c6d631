import type { ExecutorContext } from '@nx/devkit'
import { judgeTests } from '../../core/test-verdict.ts'
import { runCommand, sayNotRun, succeeded } from '../../io/run-command.ts'
import { schema } from './schema.ts'

/** Runs tests and counts them: a run that tested nothing is not a success unless the project allows it. */
export default async function test(options: unknown, context: ExecutorContext): Promise<{ success: boolean }> {
  const { runner, allowNoTests, ...command } = schema.parse(options)
  const result = await runCommand(command, context.root)
  if (result.kind !== 'exited') return { success: succeeded(result) }
  const output = `${result.stdout}\n${result.stderr}`
  const verdict = judgeTests({ runner, status: result.status, output, allowNoTests })
  if (verdict.kind === 'not-run') sayNotRun(verdict.tool)
  if (verdict.kind === 'no-tests') process.stderr.write(verdict.allowed ? '\nno tests (allowed)\n' : NO_TESTS)
  return { success: verdict.kind === 'passed' || (verdict.kind === 'no-tests' && verdict.allowed) }
}

const NO_TESTS = `
no tests

hint: write one, or allow an empty run: "allowNoTests" in nx.json, or in the project's manifest
`
