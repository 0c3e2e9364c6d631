import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { type ProcessResult, runProcess } from '@interlock/kit'
import { type FileCommands, parsePaths, parseVariables, unsimulatedCommand } from '../../core/simulate/command-files.ts'
import { shellCommand } from '../../core/simulate/shell.ts'
import { exactly, type Machine } from './environment.ts'

export interface CommandInput {
  readonly script: string
  readonly shell: string
  /** Relative to the workspace. */
  readonly workingDirectory: string
  readonly workspace: string
  readonly variables: Readonly<Record<string, string>>
  readonly timeoutMs: number
}

/** What a command did, and what it left for the steps after it. */
export interface CommandResult {
  readonly outcome: 'success' | 'failure' | 'cancelled'
  readonly timedOut: boolean
  readonly note?: string
  readonly tail?: string
  readonly summary: string
  readonly outputs: Readonly<Record<string, string>>
  readonly env: Readonly<Record<string, string>>
  readonly paths: readonly string[]
}

/** Runs the script of a step as GitHub Actions does: through its shell, with files for what it says. */
export async function runCommand(machine: Machine, input: CommandInput): Promise<CommandResult> {
  const files = {
    output: machine.file('.output'),
    env: machine.file('.env'),
    path: machine.file('.path'),
    summary: machine.file('.md'),
    state: machine.file('.state'),
  }
  for (const file of Object.values(files)) writeFileSync(file, '')
  const words = shellCommand(input.shell, (extension) => {
    const file = machine.file(extension)
    writeFileSync(file, `${input.script}\n`)
    return file
  })
  if (words === undefined) return failed(`the shell ${JSON.stringify(input.shell)} is not known`)
  const cwd = resolve(input.workspace, input.workingDirectory)
  if (!existsSync(cwd) || !statSync(cwd).isDirectory()) return failed(`there is no folder ${input.workingDirectory}`)
  const result = await runProcess(words, {
    cwd,
    env: exactly({
      ...input.variables,
      GITHUB_OUTPUT: files.output,
      GITHUB_ENV: files.env,
      GITHUB_PATH: files.path,
      GITHUB_STEP_SUMMARY: files.summary,
      GITHUB_STATE: files.state,
    }),
    timeoutMs: input.timeoutMs,
  })
  return resultOf(result, {
    outputs: parseVariables(read(files.output), 'GITHUB_OUTPUT'),
    env: parseVariables(read(files.env), 'GITHUB_ENV'),
    paths: parsePaths(read(files.path)),
    summary: read(files.summary),
  })
}

interface Written {
  readonly outputs: FileCommands
  readonly env: FileCommands
  readonly paths: readonly string[]
  readonly summary: string
}

function resultOf(result: ProcessResult, { outputs, env, paths, summary }: Written): CommandResult {
  if (result.kind === 'missing') return failed(`${result.program} cannot be started: ${result.reason}`)
  const written = { summary, paths, outputs: outputs.ok ? outputs.values : {}, env: env.ok ? env.values : {} }
  const ended = endOf(result)
  const fault =
    ended.note ?? (outputs.ok ? undefined : outputs.reason) ?? (env.ok ? undefined : env.reason) ?? unsimulated(result.stdout)
  if (fault === undefined) return { outcome: 'success', timedOut: false, ...written }
  return {
    outcome: ended.cancelled ? 'cancelled' : 'failure',
    timedOut: result.kind === 'timed-out',
    note: fault,
    tail: tailOf(result),
    ...written,
  }
}

function endOf(result: Exclude<ProcessResult, { kind: 'missing' }>): { readonly note?: string; readonly cancelled?: true } {
  if (result.kind === 'timed-out') return { note: `it did not end within ${result.timeoutMs / 60_000} minutes` }
  if (result.kind === 'signalled')
    return { note: `it was ended by ${result.signal}`, ...(result.by === 'other' ? {} : { cancelled: true as const }) }
  return result.status === 0 ? {} : { note: `it exited with ${result.status}` }
}

function unsimulated(output: string): string | undefined {
  const command = unsimulatedCommand(output)
  return command === undefined
    ? undefined
    : `it says ::${command}, which is not simulated: write to the file of the environment instead`
}

const TAIL_LINES = 20

function tailOf({ stdout, stderr }: Exclude<ProcessResult, { kind: 'missing' }>): string {
  return `${stdout}\n${stderr}`
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-TAIL_LINES)
    .join('\n')
}

/** A step that removed the file itself wrote nothing. */
function read(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : ''
}

function failed(note: string): CommandResult {
  return { outcome: 'failure', timedOut: false, note, summary: '', outputs: {}, env: {}, paths: [] }
}
