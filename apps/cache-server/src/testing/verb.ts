import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Outcome } from '@interlock/cli'
import { verbs } from '../cli/index.ts'

/** A workspace in which the verbs of this package are typed. */
export interface VerbWorkspace {
  readonly root: string
  readonly write: (file: string, text: string) => void
  /** Runs a verb in this process. */
  readonly run: (name: string, words: readonly string[], options?: Readonly<Record<string, unknown>>) => Promise<Outcome>
  /** Types a command line, with a text for its input. */
  readonly type: (
    words: readonly string[],
    input?: string,
  ) => { readonly status: number | null; readonly stdout: string; readonly stderr: string }
  readonly dispose: () => void
}

const NODE_MODULES = fileURLToPath(new URL('../../../../node_modules', import.meta.url))

export function verbWorkspace(): VerbWorkspace {
  const root = mkdtempSync(join(tmpdir(), 'interlock-verb-'))
  writeFileSync(join(root, 'nx.json'), '{}')
  symlinkSync(NODE_MODULES, join(root, 'node_modules'), 'junction')
  return {
    root,
    write: (file, text) => writeFileSync(join(root, file), text),
    run: async (name, words, options = {}) => {
      const verb = verbs.find((candidate) => candidate.name === name)
      if (verb === undefined) throw new Error(`there is no verb ${name}`)
      return verb.run({ root, env: {}, arguments: words, options, rest: [], json: false })
    },
    type: (words, input = '') => {
      const program = join(NODE_MODULES, '@interlock', 'cli', 'bin', 'interlock.js')
      const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...words], { cwd: root, encoding: 'utf8', input })
      return { status, stdout, stderr }
    },
    dispose: () => rmSync(root, { recursive: true }),
  }
}
