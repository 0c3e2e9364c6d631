import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { ProcessResult } from '@interlock/kit'
import { createTestWorkspace, type TestWorkspace } from '@interlock/kit/testing'

const PROGRAM = join(import.meta.dirname, '..', '..', '..', '..', '.tools', 'services', 'python', 'bin', 'sccache')

/** Whether set-up could install sccache; where it could not, its tests are skipped and counted. */
export const hasSccache: boolean = existsSync(PROGRAM)

export interface SccacheClient {
  readonly workspace: TestWorkspace
  /** Compiles `main.c` through a fresh sccache server without local state, and says what it counted. */
  readonly compile: () => Promise<{
    readonly compiled: ProcessResult
    readonly hits: number
    readonly misses: number
    readonly writeErrors: number
  }>
  readonly [Symbol.asyncDispose]: () => Promise<void>
}

interface Statistics {
  readonly stats: {
    readonly cache_hits: { readonly counts: Readonly<Record<string, number>> }
    readonly cache_misses: { readonly counts: Readonly<Record<string, number>> }
    readonly cache_write_errors: number
  }
}

export async function sccacheClient({
  url,
  token,
  port,
}: {
  readonly url: string
  readonly token: string
  readonly port: number
}): Promise<SccacheClient> {
  const workspace = await createTestWorkspace({ files: { 'main.c': 'int main(void) { return 0; }\n' }, git: false })
  const env = {
    SCCACHE_WEBDAV_ENDPOINT: `${url}/webdav`,
    SCCACHE_WEBDAV_TOKEN: token,
    SCCACHE_SERVER_PORT: String(port),
    SCCACHE_DIR: join(workspace.root, 'local'),
    SCCACHE_CONF: join(workspace.root, 'none.toml'),
    NO_PROXY: '127.0.0.1',
  }
  const sccache = async (...words: readonly string[]): Promise<ProcessResult> =>
    workspace.run([PROGRAM, ...words], { env, timeoutMs: 60_000 })
  workspace.onDispose(async () => sccache('--stop-server'))
  return {
    workspace,
    compile: async () => {
      if (await workspace.exists('main.o')) await workspace.remove('main.o')
      await sccache('--stop-server')
      const compiled = await sccache('cc', '-c', 'main.c', '-o', 'main.o')
      const shown = await sccache('--show-stats', '--stats-format=json')
      await sccache('--stop-server')
      const { stats } = JSON.parse('stdout' in shown ? shown.stdout : '{}') as Statistics
      const sum = ({ counts }: { readonly counts: Readonly<Record<string, number>> }): number =>
        Object.values(counts).reduce((total, one) => total + one, 0)
      return { compiled, hits: sum(stats.cache_hits), misses: sum(stats.cache_misses), writeErrors: stats.cache_write_errors }
    },
    [Symbol.asyncDispose]: workspace.dispose,
  }
}
