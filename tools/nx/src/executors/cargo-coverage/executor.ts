import { join, resolve } from 'node:path'
import { closureKey } from '@interlock/kit'
import type { ExecutorContext } from '@nx/devkit'
import { judgeCoverage, lineCoverage } from '../../core/line-coverage.ts'
import { cargoTargetDirectory } from '../../io/cargo-target.ts'
import { isWritten, nameSourcesFromRoot } from '../../io/coverage-report.ts'
import { findLlvmTools } from '../../io/llvm-tools.ts'
import { sayNotRun } from '../../io/run-command.ts'
import test from '../test/executor.ts'
import { schema } from './schema.ts'

/**
 * Runs `cargo llvm-cov` with the tools of LLVM that fit rustc, in a target directory of the project's own: two runs in one
 * directory would clear and measure each other.
 */
export default async function cargoCoverage(options: unknown, context: ExecutorContext): Promise<{ success: boolean }> {
  const { env, minimumCoverage, ...rest } = schema.parse(options)
  const cwd = resolve(context.root, rest.cwd)
  const directory = await cargoTargetDirectory(cwd)
  if (directory === undefined) {
    // Whatever Cargo refuses, the command says it better.
    await test({ ...rest, env }, context)
    return { success: false }
  }
  const tools = await findLlvmTools(cwd)
  if (tools === undefined) {
    sayNotRun('llvm-cov and llvm-profdata')
    return { success: false }
  }
  const own = { CARGO_LLVM_COV_TARGET_DIR: join(directory, 'coverage', closureKey(context.projectName ?? '.')) }
  const ended = await test({ ...rest, env: { ...tools, ...own, ...env } }, context)
  if (!ended.success || !isWritten(context.root, rest.report)) return ended
  const report = nameSourcesFromRoot(context.root, rest.report)
  const { enough, said } = judgeCoverage(lineCoverage(report), minimumCoverage)
  process.stdout.write(`\n${said}\n`)
  if (!enough) process.stderr.write(`\nhint: ${rest.report} has the lines that no test ran (DA:<line>,0)\n`)
  return { success: enough }
}
