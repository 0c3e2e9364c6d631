import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { ProcessResult } from '@interlock/kit'
import { createTestWorkspace, type TestWorkspace } from '@interlock/kit/testing'

const require = createRequire(import.meta.url)
const PROGRAM = join(dirname(require.resolve('turbo/package.json')), 'bin', 'turbo')

export interface TurboClient {
  readonly workspace: TestWorkspace
  /** Runs `build` with a server as the remote cache and an empty local one. */
  readonly run: (options: TurboRun) => Promise<ProcessResult>
  readonly [Symbol.asyncDispose]: () => Promise<void>
}

export interface TurboRun {
  readonly url: string
  readonly token: string
  readonly team?: string
  readonly env?: Readonly<Record<string, string>>
}

/** A monorepo with one package whose `build` writes `dist/out.txt`, and the real Turborepo in it. */
export async function turboClient(): Promise<TurboClient> {
  const workspace = await createTestWorkspace({
    files: {
      'package.json': JSON.stringify({ name: 'root', private: true, packageManager: 'npm@10.0.0', workspaces: ['packages/*'] }),
      'package-lock.json': JSON.stringify({
        name: 'root',
        lockfileVersion: 3,
        packages: {
          '': { name: 'root', workspaces: ['packages/*'] },
          'node_modules/one': { resolved: 'packages/one', link: true },
          'packages/one': { name: 'one', version: '1.0.0' },
        },
      }),
      'packages/one/package.json': JSON.stringify({
        name: 'one',
        version: '1.0.0',
        scripts: { build: "node -e \"fs.mkdirSync('dist',{recursive:true});fs.writeFileSync('dist/out.txt','made one')\"" },
      }),
      'turbo.json': JSON.stringify({ remoteCache: { signature: true }, tasks: { build: { outputs: ['dist/**'] } } }),
      '.gitignore': 'dist\n.turbo\nnode_modules\n',
    },
  })
  await workspace.commit('one')
  return {
    workspace,
    run: async ({ url, token, team = 'acme', env = {} }) => {
      for (const folder of ['.turbo', 'packages/one/dist', 'packages/one/.turbo']) {
        if (await workspace.exists(folder)) await workspace.remove(folder)
      }
      return workspace.run([process.execPath, PROGRAM, 'run', 'build', '--no-daemon', '--no-color', '--ui=stream'], {
        env: {
          TURBO_API: url,
          TURBO_TOKEN: token,
          TURBO_TEAM: team,
          TURBO_TELEMETRY_DISABLED: '1',
          TURBO_REMOTE_CACHE_SIGNATURE_KEY: 'a key of the team',
          DO_NOT_TRACK: '1',
          // Words with colours between them are not found, and then "not found" proves nothing.
          FORCE_COLOR: '0',
          NO_PROXY: '127.0.0.1',
          ...env,
        },
        timeoutMs: 60_000,
      })
    },
    [Symbol.asyncDispose]: workspace.dispose,
  }
}
