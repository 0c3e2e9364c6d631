import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runOk } from '@interlock/kit'
import { type Column, nx } from './columns.ts'
import { editOf } from './edits.ts'
import { shimmedPath } from './environment.ts'
import type { Locked } from './locks.ts'
import { measure, type Place } from './measure.ts'
import type { BenchProject } from './projects.ts'
import { writeFiles } from './write-files.ts'

export interface Setup {
  readonly projects: readonly BenchProject[]
  readonly locked: Locked
  /** The installed packages to link. */
  readonly modules: string | undefined
  readonly env: Readonly<Record<string, string | undefined>>
  /** Whether every task is run once. */
  readonly primed: boolean
}

/** One column's repository: HEAD is one source edit after `base`, and everything has been run there once when `primed`. */
export interface Workspace extends Place {
  readonly base: string
  readonly head: string
  readonly dispose: () => void
}

/** Writes, commits and primes the repository of a column. */
export async function createWorkspace(column: Column, setup: Setup): Promise<Workspace> {
  const { projects, locked, modules } = setup
  const folder = mkdtempSync(join(tmpdir(), `interlock-bench-${column.key}-`))
  const [cwd, scratch] = [join(folder, 'workspace'), join(folder, 'scratch')]
  mkdirSync(scratch)
  const env = { ...setup.env, ...column.env }
  const place: Place = { cwd, scratch, env }
  const dispose = (): void => {
    if (column.daemon) column.forget(cwd)
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    writeFiles(cwd, { ...locked.files, ...column.files(projects, locked.files) })
    if (modules !== undefined) symlinkSync(modules, join(cwd, 'node_modules'))
    await git(cwd, 'init', '--quiet', '--initial-branch=main')
    await git(cwd, 'add', '--all')
    if (column.key.startsWith('interlock')) measure({ words: [...nx(cwd), 'sync'] }, place)
    const base = await commit(cwd, 'base')
    writeFiles(cwd, editOf('source', 0, setup))
    const head = await commit(cwd, 'source edit')
    // The programs of the tasks do nothing once; later runs read results.
    if (setup.primed) measure({ ...column.run(cwd), env: { PATH: shimmedPath(join(folder, 'shims'), env['PATH'] ?? '') } }, place)
    return { ...place, base, head, dispose }
  } catch (error) {
    dispose()
    throw error
  }
}

export async function commit(cwd: string, message: string): Promise<string> {
  await git(cwd, 'add', '--all')
  await git(cwd, 'commit', '--quiet', '--message', message)
  return git(cwd, 'rev-parse', 'HEAD')
}

/** The files of a commit, with nothing edited. */
export async function checkout(cwd: string, id: string): Promise<void> {
  await git(cwd, 'checkout', '--quiet', '--force', id)
}

const GIT_ENVIRONMENT = {
  GIT_AUTHOR_NAME: 'bench',
  GIT_AUTHOR_EMAIL: 'bench@example.invalid',
  GIT_COMMITTER_NAME: 'bench',
  GIT_COMMITTER_EMAIL: 'bench@example.invalid',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
}

async function git(cwd: string, ...args: readonly string[]): Promise<string> {
  return (await runOk(['git', ...args], { cwd, env: GIT_ENVIRONMENT })).stdout.trim()
}
