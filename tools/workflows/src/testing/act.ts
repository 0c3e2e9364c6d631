import { join } from 'node:path'
import { InterlockError } from '@interlock/kit'
import { createTestWorkspace } from '@interlock/kit/testing'
import { refereeEnvironment } from '../io/referees/environment.ts'
import { type ForAct, filesForAct } from './act-files.ts'
import { type ActResult, readActLog } from './act-log.ts'

/** An event as act takes it. It looks at the name only: branches and types of `on` are not filtered. */
export interface ActEvent {
  readonly name: string
  readonly payload: object
  readonly actor?: string
}

export interface ActRun extends ForAct {
  /** act itself. */
  readonly program: string
  /** `.github/workflows/ci.yml` */
  readonly workflow: string
  readonly event: ActEvent
}

/**
 * Runs a workflow with act, without containers, and says what became of each of its jobs: of a matrix, the worst.
 * `undefined` where no job listens to the event. Throws for a run of which act does not say how it ended.
 */
export async function runWithAct(run: ActRun): Promise<Readonly<Record<string, ActResult>> | undefined> {
  const { files, jobs, labels, actions } = filesForAct(run)
  const text = files[run.workflow]
  if (text === undefined) throw new Error(`${run.workflow} is none of the files`)
  await using workspace = await createTestWorkspace({
    files: { ...files, 'event.json': JSON.stringify(run.event.payload), ...standInActions(actions) },
  })
  await workspace.git('remote', 'add', 'origin', 'https://github.com/example/example.git')
  await workspace.commit('for act')
  const at = (path: string): string => join(workspace.root, path)
  // Not inside the repository, which act copies into its cache.
  await using home = await createTestWorkspace({ git: false })
  const ended = await workspace.run(
    [
      run.program,
      run.event.name,
      '--workflows',
      run.workflow,
      ...labels.flatMap((label) => ['--platform', `${label}=-self-hosted`]),
      ...localRepositories(actions).flatMap((name) => ['--local-repository', `${name}=${at(folderOf(name))}`]),
      ...(run.event.actor === undefined ? [] : ['--actor', run.event.actor]),
      '--action-offline-mode',
      '--no-cache-server',
      '--eventpath',
      'event.json',
      '--json',
    ],
    {
      env: {
        ...refereeEnvironment({}),
        HOME: home.root,
        XDG_CACHE_HOME: join(home.root, 'cache'),
        XDG_CONFIG_HOME: join(home.root, 'config'),
      },
      timeoutMs: 120_000,
    },
  )
  if (ended.kind !== 'exited') throw new InterlockError('PROCESS_FAILED', `act did not end by itself: ${ended.kind}`)
  if (ended.stderr.includes('Could not find any stages to run')) return undefined
  return readActLog({ ...ended, jobs })
}

/** Actions of others do nothing, as what they do is not what is looked at. */
function standInActions(actions: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(actions).map(([uses, text]) => {
      const { repository, path } = partsOf(uses)
      return [join(folderOf(repository), path, 'action.yml'), text]
    }),
  )
}

function localRepositories(actions: Readonly<Record<string, string>>): string[] {
  return [...new Set(Object.keys(actions).map((uses) => partsOf(uses).repository))]
}

/** `owner/name@commit` of `owner/name/path@commit`, and the path. */
function partsOf(uses: string): { readonly repository: string; readonly path: string } {
  const [name = '', commit = ''] = uses.split('@')
  const [owner = '', repository = '', ...path] = name.split('/')
  return { repository: `${owner}/${repository}@${commit}`, path: path.join('/') }
}

function folderOf(repository: string): string {
  return `.act-actions/${repository.replaceAll(/[^\w.-]/gu, '_')}`
}
