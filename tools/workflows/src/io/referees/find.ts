import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { runProcess } from '@interlock/kit'
import { lastLine } from '../../core/referees/last-line.ts'
import type { RefereeName } from '../../core/referees/types.ts'
import { readReleases } from './catalogue.ts'
import { refereeEnvironment } from './environment.ts'

/** A referee on this machine. */
export type Found = { readonly kind: 'found'; readonly program: string } | { readonly kind: 'not found'; readonly reason: string }

/** The folder that the set-up of this repository fills. */
export const REFEREES_FOLDER = '.tools/referees'

/** Looks where set-up puts a referee, then on PATH. Another version is another referee: it is said, and not used. */
export async function findReferee(
  root: string,
  name: RefereeName,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Found> {
  const { version, registry } = readReleases()[name]
  const program = [...ownPlaces(root, registry), ...pathPlaces(env)]
    .map((folder) => join(folder, fileName(name)))
    .find(existsSync)
  if (program === undefined) return { kind: 'not found', reason: 'it is not installed' }
  const asked = await runProcess([program, '--version'], { env: refereeEnvironment(env), timeoutMs: 30_000 })
  if (asked.kind !== 'exited' || asked.status !== 0)
    return {
      kind: 'not found',
      reason: `${program} cannot be run (${asked.kind === 'exited' ? lastLine(asked.stderr) : asked.kind})`,
    }
  const found = /\d+\.\d+\.\d+\S*/u.exec(asked.stdout)?.[0]
  if (found !== version) return { kind: 'not found', reason: `${program} is version ${found ?? 'nobody knows which'}` }
  return { kind: 'found', program }
}

function ownPlaces(root: string, registry: 'pypi' | 'go'): string[] {
  const scripts = process.platform === 'win32' ? 'Scripts' : 'bin'
  return [registry === 'go' ? join(root, REFEREES_FOLDER, 'bin') : join(root, REFEREES_FOLDER, 'python', scripts)]
}

function pathPlaces(env: Readonly<Record<string, string | undefined>>): string[] {
  return (env['PATH'] ?? env['Path'] ?? '').split(delimiter).filter((folder) => folder !== '')
}

function fileName(name: RefereeName): string {
  return process.platform === 'win32' ? `${name}.exe` : name
}
