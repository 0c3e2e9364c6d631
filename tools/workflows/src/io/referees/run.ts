import { existsSync, readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { InterlockError, runProcess } from '@interlock/kit'
import { EXCEPTIONS } from '../../core/referees/exceptions.ts'
import { judgedFiles } from '../../core/referees/judged-files.ts'
import { REFEREES } from '../../core/referees/referees.ts'
import type { JudgedFiles, Reading, Referee, RefereeCall } from '../../core/referees/types.ts'
import { type RefereeVerdict, verdictOf } from '../../core/referees/verdict.ts'
import { installCommand, readReleases } from './catalogue.ts'
import { refereeEnvironment } from './environment.ts'
import { findReferee } from './find.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** Longer than any of them needs for hundreds of files. */
const TIMEOUT_MS = 120_000

/**
 * What every referee says of the files below `.github`.
 *
 * @throws InterlockError `CONFIG_INVALID` where there is no file that any of them knows.
 */
export async function runReferees(root: string, env: Environment): Promise<readonly RefereeVerdict[]> {
  const judged = judgedFiles(pathsBelow(root, '.github'))
  if (judged.workflows.length + judged.actions.length + judged.dependabot.length === 0)
    throw new InterlockError('CONFIG_INVALID', 'there is no workflow, action or dependabot.yml below .github: nothing to judge', {
      hint: 'npx interlock ci generate',
    })
  return Promise.all(REFEREES.map(async (referee) => judgeWith(referee, { root, env, judged })))
}

interface Place {
  readonly root: string
  readonly env: Environment
  readonly judged: JudgedFiles
}

async function judgeWith(referee: Referee, { root, env, judged }: Place): Promise<RefereeVerdict> {
  const { name } = referee
  const release = readReleases()[name]
  const calls = referee.calls(judged).filter(({ files }) => files.length > 0)
  const files = new Set(calls.flatMap((call) => call.files)).size
  const base = { name, version: release.version, files }
  const found = await findReferee(root, name, env)
  if (found.kind === 'not found')
    return { ...base, outcome: 'not run', reason: found.reason, hint: installCommand(release), findings: [], excepted: [] }
  const { program } = found
  if (calls.length === 0)
    return { ...base, program, outcome: 'not run', reason: 'there is no file that it knows', findings: [], excepted: [] }
  const readings: Reading[] = []
  for (const call of calls) readings.push(await readingOf(referee, call, { program, root, env }))
  return verdictOf({ ...base, program }, readings, EXCEPTIONS)
}

async function readingOf(
  referee: Referee,
  call: RefereeCall,
  { program, root, env }: { readonly program: string; readonly root: string; readonly env: Environment },
): Promise<Reading> {
  const ended = await runProcess([program, ...call.args, ...call.files], {
    cwd: root,
    env: refereeEnvironment(env),
    timeoutMs: TIMEOUT_MS,
  })
  if (ended.kind === 'exited' && ended.cutBytes.stdout + ended.cutBytes.stderr > 0)
    return { kind: 'unreadable', reason: 'it wrote more than can be read' }
  return ended.kind === 'exited' ? referee.read(ended, call) : { kind: 'unreadable', reason: `it ended by itself: ${ended.kind}` }
}

/** Links count: a workflow behind one is none for GitHub, but a referee must not pass what it never saw. */
function pathsBelow(root: string, folder: string): string[] {
  if (!existsSync(join(root, folder))) return []
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
}
