import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Folders and files of one simulation, outside of the workspace. */
export interface Machine {
  readonly temp: string
  /** A file name that nothing else has. */
  readonly file: (ending: string) => string
  readonly remove: () => void
}

export function createMachine(): Machine {
  const temp = mkdtempSync(join(tmpdir(), 'interlock-simulate-'))
  mkdirSync(join(temp, 'gh'))
  mkdirSync(join(temp, 'tools'))
  writeFileSync(join(temp, 'gitconfig'), '')
  let count = 0
  return {
    temp,
    file: (ending) => {
      count += 1
      return join(temp, `${count}${ending}`)
    },
    remove: () => rmSync(temp, { recursive: true, force: true, maxRetries: 3 }),
  }
}

/** What a command needs of this machine to run at all; everything else stays with the caller, tokens above all. */
const INHERITED = [
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'LANG',
  'LC_ALL',
  'TZ',
  'TMPDIR',
  'SystemRoot',
  'ComSpec',
  'PATHEXT',
  'USERPROFILE',
] as const

/** The variables that every step of a simulation sees. `pass` names more of the caller's. */
export function machineVariables(
  env: Readonly<Record<string, string | undefined>>,
  { temp, pass }: { readonly temp: string; readonly pass: readonly string[] },
): Record<string, string> {
  const inherited = [...INHERITED, ...pass].flatMap((name): [string, string][] => {
    const value = env[name]
    return value === undefined ? [] : [[name, value]]
  })
  return {
    ...Object.fromEntries(inherited),
    RUNNER_OS: runnerOs(),
    RUNNER_ARCH: process.arch.toUpperCase(),
    RUNNER_NAME: 'interlock-simulate',
    RUNNER_ENVIRONMENT: 'self-hosted',
    RUNNER_TEMP: temp,
    RUNNER_TOOL_CACHE: join(temp, 'tools'),
    // A command must not act on GitHub with what a person is logged in with here.
    GH_CONFIG_DIR: join(temp, 'gh'),
    GIT_CONFIG_GLOBAL: join(temp, 'gitconfig'),
    GIT_TERMINAL_PROMPT: '0',
  }
}

/** The context `runner`. */
export function runnerContext(variables: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const names = ['OS', 'ARCH', 'NAME', 'TEMP', 'TOOL_CACHE', 'ENVIRONMENT'] as const
  return Object.fromEntries(names.map((name) => [name.toLowerCase(), variables[`RUNNER_${name}`] ?? '']))
}

/** For `runProcess`, which adds to this process's own environment: exactly these variables. */
export function exactly(variables: Readonly<Record<string, string>>): Record<string, string | undefined> {
  return { ...Object.fromEntries(Object.keys(process.env).map((name) => [name, undefined])), ...variables }
}

function runnerOs(): string {
  if (process.platform === 'darwin') return 'macOS'
  return process.platform === 'win32' ? 'Windows' : 'Linux'
}
