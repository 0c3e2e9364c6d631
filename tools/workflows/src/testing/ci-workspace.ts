import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Invocation, Outcome } from '@interlock/cli'
import { vi } from 'vitest'
import { verbs } from '../cli/index.ts'
import type { WorkflowReport } from '../core/simulate/report.ts'
import { WHOLE_SECTION } from './facts.ts'
import { stubNxEnvironment } from './nx-environment.ts'

const REPOSITORY = fileURLToPath(new URL('../../../../', import.meta.url))
const PASS = ['NODE_OPTIONS', 'NX_DAEMON', 'NX_ISOLATE_PLUGINS']

/** Two crates, one of which needs the other, and a Python project. */
export const SOURCES: Readonly<Record<string, string>> = {
  '.gitignore': 'node_modules\n.nx\n',
  'nx.json': '{ "analytics": false, "cacheDirectory": ".nx/cache", "plugins": ["@interlock/nx/plugin"] }',
  'package.json': '{ "name": "w", "private": true }',
  'tsconfig.base.json': readFileSync(join(REPOSITORY, 'tsconfig.base.json'), 'utf8'),
  'Cargo.toml': '[workspace]\nmembers = ["crates/*"]\nresolver = "2"\n',
  'crates/he/Cargo.toml': '[package]\nname = "he"\nversion = "0.1.0"\nedition = "2024"\n',
  'crates/he/src/lib.rs': '',
  'crates/proxy/Cargo.toml':
    '[package]\nname = "proxy"\nversion = "0.1.0"\nedition = "2024"\n[dependencies]\nhe = { path = "../he" }\n',
  'crates/proxy/src/lib.rs': '',
  'py/client/pyproject.toml': '[project]\nname = "client"\nversion = "0.1"\n[tool.pytest.ini_options]\n',
}

const FILES: Readonly<Record<string, string>> = {
  ...SOURCES,
  'interlock.yaml': `${WHOLE_SECTION}  targets: [format, lint, typecheck, test]\n`,
}

/**
 * Stands before the real npx: what it answered to a question once, it tells again. The gate is asked about the same results
 * and the plan about the same event and commit many times, and each answer takes seconds.
 */
const npx = (memory: string): string => `#!/bin/bash
if [[ -n $INTERLOCK_NEEDS ]]; then question=$INTERLOCK_NEEDS; else question="$(git rev-parse HEAD) $GITHUB_EVENT_NAME $(< "$GITHUB_EVENT_PATH")"; fi
key=$(printf '%s\\n' "$*" "$question" | sha256sum)
told="${memory}/\${key%% *}"
if [[ ! -e $told/status ]]; then
  mkdir -p "$told"
  GITHUB_OUTPUT="$told/output" PATH="\${PATH#*:}" npx "$@" > "$told/text" 2>&1
  echo $? > "$told/status"
fi
cat "$told/text"
[[ ! -e $told/output ]] || cat "$told/output" >> "$GITHUB_OUTPUT"
exit "$(< "$told/status")"
`

export interface Told {
  readonly status: number
  readonly prose: string
  readonly report: WorkflowReport | undefined
  readonly results: Readonly<Record<string, string>>
}

/**
 * A workspace with every workflow that is generated: `main`, and from it a branch `change`, which is checked out and changes a
 * crate, and a branch `workflows`, which changes a workflow.
 */
export interface CiWorkspace {
  readonly root: string
  /** A folder beside the workspace. */
  readonly beside: string
  readonly write: (path: string, text: string) => void
  readonly git: (...words: readonly string[]) => string
  readonly commit: (message: string) => void
  readonly verb: (name: string) => (given: Partial<Invocation>) => Promise<Outcome>
  /** Runs the control flow of a workflow for an event. */
  readonly simulate: (workflow: string, event: string, more?: Invocation['options']) => Promise<Told>
  readonly dispose: () => void
}

export async function createCiWorkspace(): Promise<CiWorkspace> {
  const root = mkdtempSync(join(tmpdir(), 'interlock-ci-'))
  const beside = mkdtempSync(join(tmpdir(), 'interlock-told-'))
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  const git = (...words: readonly string[]): string => {
    const who = ['-c', 'user.name=test', '-c', 'user.email=test@example.invalid']
    return execFileSync('git', [...who, ...words], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  }
  const commit = (message: string): void => {
    git('add', '-A')
    git('commit', '-q', '-m', message)
  }
  const verb: CiWorkspace['verb'] = (name) => {
    const found = verbs.find((each) => each.name === name)
    if (found === undefined) throw new Error(`no verb ${name}`)
    return async (given) => found.run({ root, env: process.env, arguments: [], options: {}, rest: [], json: true, ...given })
  }

  isolate(beside)
  for (const [path, text] of Object.entries(FILES)) write(path, text)
  symlinkSync(join(REPOSITORY, 'node_modules'), join(root, 'node_modules'), 'junction')
  git('init', '-q', '-b', 'main')
  await verb('ci generate')({})
  commit('main')
  git('checkout', '-q', '-b', 'change')
  write('crates/proxy/src/lib.rs', '// changed\n')
  commit('change proxy')
  git('checkout', '-q', '-b', 'workflows', 'main')
  write('.github/workflows/ci.yml', `${readFileSync(join(root, '.github/workflows/ci.yml'), 'utf8')}# changed\n`)
  commit('change a workflow')
  git('checkout', '-q', 'change')
  return {
    root,
    beside,
    write,
    git,
    commit,
    verb,
    simulate: async (workflow, event, more = {}) => {
      const options = { workflow, event, controlFlow: true, pass: PASS, ...more }
      const { status, prose, data } = await verb('ci simulate')({ options })
      const [report] = (data as { readonly workflows: readonly WorkflowReport[] }).workflows
      const results = Object.fromEntries((report?.jobs ?? []).map(({ id, result }) => [id, result]))
      return { status, prose, report, results }
    },
    dispose: () => {
      vi.unstubAllEnvs()
      for (const folder of [root, beside]) rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Nothing of the Nx or the CI that runs the test, and the npx that remembers. */
function isolate(beside: string): void {
  stubNxEnvironment()
  vi.stubEnv('PATH', `${beside}/bin:${process.env['PATH']}`)
  mkdirSync(join(beside, 'bin'))
  writeFileSync(join(beside, 'bin/npx'), npx(beside))
  chmodSync(join(beside, 'bin/npx'), 0o755)
}
