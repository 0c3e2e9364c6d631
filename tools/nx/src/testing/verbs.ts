import { join } from 'node:path'
import type { Invocation, Outcome } from '@interlock/cli'
import { vi } from 'vitest'
import { verbs } from '../cli/index.ts'
import type { NxWorkspace } from './nx-workspace.ts'
import { createVerbWorkspace } from './verb-workspace.ts'

export const INTERLOCK: string = join(import.meta.dirname, '..', '..', '..', 'cli', 'bin', 'interlock.js')

/** What the real Nx needs to run the plugin from its source, and must not inherit from the Nx that runs this test. */
const ENVIRONMENT: Readonly<Record<string, string | undefined>> = {
  ...Object.fromEntries(
    Object.keys(process.env).flatMap((name) => (/^NX_|^CI$|^GITHUB_/u.test(name) ? [[name, undefined]] : [])),
  ),
  NODE_OPTIONS: '--conditions=@interlock/source',
  NX_DAEMON: 'false',
  NX_ISOLATE_PLUGINS: 'false',
  NX_NO_CLOUD: 'true',
  NX_TUI: 'false',
}

/** A workspace, and its verbs as this process runs them. */
export interface TestVerbs {
  readonly workspace: NxWorkspace
  /** The commit of the default branch; the branch `feature` is checked out, and nothing is changed on it. */
  readonly base: string
  readonly run: (name: string, given?: Partial<Invocation>) => Promise<Outcome>
  readonly dispose: () => void
}

export function createTestVerbs(): TestVerbs {
  for (const [name, value] of Object.entries(ENVIRONMENT)) vi.stubEnv(name, value)
  const workspace = createVerbWorkspace()
  workspace.nx(['sync'])
  const base = workspace.commit('base')
  workspace.git('checkout', '-q', '-b', 'feature')
  return {
    workspace,
    base,
    run: async (name, given = {}) => {
      const verb = verbs.find((each) => each.name === name)
      if (verb === undefined) throw new Error(`no verb ${name}`)
      return verb.run({ root: workspace.root, env: {}, arguments: [], options: {}, rest: [], json: true, ...given })
    },
    dispose: () => {
      vi.unstubAllEnvs()
      workspace.dispose()
    },
  }
}
