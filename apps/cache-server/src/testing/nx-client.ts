import { join } from 'node:path'
import { type ProcessResult } from '@interlock/kit'
import { createTestWorkspace, linkNodeModules, nx, type TestWorkspace } from '@interlock/kit/testing'

const REPOSITORY = join(import.meta.dirname, '..', '..', '..', '..')

/** A workspace whose tasks can be cached, and the real Nx in it. */
export interface NxClient {
  readonly workspace: TestWorkspace
  /** Runs the targets with a server as the remote cache and an empty local one. */
  readonly run: (server: ServerOfClient, args?: readonly string[]) => Promise<ProcessResult>
  readonly [Symbol.asyncDispose]: () => Promise<void>
}

export interface ServerOfClient {
  readonly url: string
  readonly token: string
  readonly env?: Readonly<Record<string, string>>
}

export interface NxClientOptions {
  /** Number of projects with one target `build` each. */
  readonly projects?: number
  /** What the task of a project runs, beside writing its output. */
  readonly command?: string
}

/** `build` of each project writes `dist/<name>/out.txt`, and says so. */
export async function nxClient({ projects = 1, command = 'node make.mjs' }: NxClientOptions = {}): Promise<NxClient> {
  const files: Record<string, string> = {
    'make.mjs': [
      "import { mkdirSync, writeFileSync } from 'node:fs'",
      "const [name = 'one'] = process.argv.slice(2)",
      'mkdirSync(`dist/${name}`, { recursive: true })',
      'writeFileSync(`dist/${name}/out.txt`, `made ${name}\\n`)',
      'console.log(`built ${name}`)',
      '',
    ].join('\n'),
  }
  for (let number = 1; number <= projects; number += 1) {
    const name = `p${number}`
    files[`libs/${name}/project.json`] = JSON.stringify({
      name,
      targets: {
        build: {
          executor: 'nx:run-commands',
          cache: true,
          inputs: ['{projectRoot}/**/*', '{workspaceRoot}/make.mjs'],
          outputs: [`{workspaceRoot}/dist/${name}`],
          options: { command: `${command} ${name}` },
        },
      },
    })
  }
  const workspace = await createTestWorkspace({ files })
  await linkNodeModules(workspace, REPOSITORY)
  return {
    workspace,
    run: async ({ url, token, env = {} }, args = ['run-many', '-t', 'build']) => {
      for (const folder of ['.nx/cache', 'dist']) if (await workspace.exists(folder)) await workspace.remove(folder)
      return nx(workspace, args, {
        env: {
          NX_SELF_HOSTED_REMOTE_CACHE_SERVER: url,
          NX_SELF_HOSTED_REMOTE_CACHE_ACCESS_TOKEN: token,
          NO_PROXY: '127.0.0.1,localhost',
          ...env,
        },
        timeoutMs: 100_000,
      })
    },
    [Symbol.asyncDispose]: workspace.dispose,
  }
}
