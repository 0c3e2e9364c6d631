import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { runProcess } from '@interlock/kit'
import { llvmMajor, llvmToolNames, rustLlvm } from '../core/llvm.ts'

/** The variables by which cargo-llvm-cov is told its tools. */
type LlvmVariables = Readonly<Record<string, string>>

/** Never let cargo-llvm-cov download what it misses: a run installs nothing. */
const NO_DOWNLOAD: LlvmVariables = { CARGO_LLVM_COV_SETUP: 'no' }

/**
 * The variables with which cargo-llvm-cov finds tools that read the profiles of the rustc of `cwd`: what the caller says,
 * else the toolchain's own component, else what PATH has of the same version. `undefined` when there is none.
 */
export async function findLlvmTools(cwd: string): Promise<LlvmVariables | undefined> {
  if (process.env['LLVM_COV'] !== undefined && process.env['LLVM_PROFDATA'] !== undefined) return NO_DOWNLOAD
  const [verbose, sysroot] = await Promise.all([said(['rustc', '-vV'], cwd), said(['rustc', '--print', 'sysroot'], cwd)])
  const llvm = rustLlvm(verbose)
  if (llvm === undefined) return undefined
  const component = join(sysroot.trim(), 'lib', 'rustlib', llvm.host, 'bin')
  const suffix = process.platform === 'win32' ? '.exe' : ''
  if (['llvm-cov', 'llvm-profdata'].every((tool) => existsSync(join(component, `${tool}${suffix}`)))) return NO_DOWNLOAD
  for (const [coverage, profiles] of llvmToolNames(llvm.major)) {
    const versions = await Promise.all([coverage, profiles].map(async (tool) => llvmMajor(await said([tool, '--version'], cwd))))
    if (versions.every((version) => version === llvm.major))
      return { ...NO_DOWNLOAD, LLVM_COV: coverage, LLVM_PROFDATA: profiles }
  }
  return undefined
}

/** What a program writes to stdout; nothing when it is missing or fails. */
async function said(command: readonly string[], cwd: string): Promise<string> {
  const result = await runProcess(command, { cwd, timeoutMs: 60_000 })
  return result.kind === 'exited' && result.status === 0 ? result.stdout : ''
}
