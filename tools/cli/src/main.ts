import { readFileSync } from 'node:fs'
import { InterlockError } from '@interlock/kit'
import { configVerb } from './config-verb.ts'
import { describeFailure } from './core/failure.ts'
import type { Verb } from './core/verb.ts'
import { loadOffers } from './io/verbs.ts'
import { findWorkspaceRoot } from './io/workspace.ts'
import { runProgram, statusOf, type ProgramResult } from './program.ts'

/** The world that a command line runs in; `process` has these members. */
export interface CliWorld {
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** The verbs of a program that needs no workspace; else those of the installed packages. */
  readonly verbs?: readonly Verb[]
  /** Whether the packages of the workspace are loaded from their TypeScript source. */
  readonly fromSource: boolean
  readonly stdout: { readonly write: (text: string) => unknown }
  readonly stderr: { readonly write: (text: string) => unknown }
}

/** Runs one command line and returns its exit status; it prints, and never throws. */
export async function main(words: readonly string[], world: CliWorld): Promise<number> {
  const json = beforeSeparator(words).includes('--json')
  try {
    const result = await run(words, world)
    print(result, json, world)
    return statusOf(result)
  } catch (thrown) {
    const failure = describeFailure(thrown)
    if (json) world.stdout.write(`${JSON.stringify(failure.data, null, 2)}\n`)
    world.stderr.write(`${failure.prose}\n`)
    return failure.status
  }
}

async function run(words: readonly string[], world: CliWorld): Promise<ProgramResult> {
  if (world.verbs !== undefined) {
    const invocation = { root: world.cwd, env: world.env }
    return runProgram(words, { verbs: world.verbs, version: ownVersion(), note: undefined, invocation })
  }
  const root = findWorkspaceRoot(world.cwd)
  if (root === undefined && !asksAboutItself(words)) throw outsideWorkspace(world.cwd)
  const verbs: readonly Verb[] = root === undefined ? [] : await verbsIn(root, world.fromSource)
  if (verbs.length === 0 && !asksAboutItself(words)) throw withoutVerbs()
  return runProgram(words, {
    verbs,
    version: ownVersion(),
    note: noteOf(root, verbs),
    invocation: { root: root ?? world.cwd, env: world.env },
  })
}

/** The verbs of the packages, and the one about the file that they share. */
async function verbsIn(root: string, fromSource: boolean): Promise<readonly Verb[]> {
  const { verbs, sections } = await loadOffers(root, fromSource)
  return sections.length === 0 ? verbs : [...verbs, configVerb(sections)]
}

function print(result: ProgramResult, json: boolean, world: CliWorld): void {
  switch (result.kind) {
    case 'text':
      world.stdout.write(result.text)
      return
    case 'usage':
      world.stderr.write(result.text)
      return
    case 'outcome':
      world.stdout.write(json ? `${JSON.stringify(result.outcome.data, null, 2)}\n` : `${result.outcome.prose}\n`)
  }
}

function beforeSeparator(words: readonly string[]): readonly string[] {
  const separator = words.indexOf('--')
  return separator === -1 ? words : words.slice(0, separator)
}

function asksAboutItself(words: readonly string[]): boolean {
  return words.length === 0 || ['--help', '-h', '--version', '-V'].includes(words[0] ?? '')
}

function noteOf(root: string | undefined, verbs: readonly Verb[]): string | undefined {
  if (root === undefined)
    return 'There is no Nx workspace here: the verbs come from the @interlock packages that a workspace installs.'
  return verbs.length === 0 ? `${NO_VERBS}.` : undefined
}

const NO_VERBS = 'No @interlock package with verbs is installed in this workspace'

function withoutVerbs(): InterlockError {
  const hint = 'npm install --save-dev @interlock/nx, and @interlock/workflows for the verbs about the ci'
  return new InterlockError('TOOL_MISSING', NO_VERBS, { hint })
}

function outsideWorkspace(cwd: string): InterlockError {
  return new InterlockError('WORKSPACE_MISSING', `no nx.json in ${cwd} or a folder above it`, {
    hint: 'go to a folder of an Nx workspace, or make one with: npx nx init',
  })
}

function ownVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { readonly version: string }
  return manifest.version
}
