import { parseToml, tableAt } from '@interlock/kit'
import type { Sandbox } from '../sandbox.ts'
import { blobsIn, projectDirectories, visibleTo, type Blobs } from './blobs.ts'

/** What uv says of one package. */
export interface PythonAnswer {
  /** Text that differs when its tests must run again. */
  readonly text: string
  /** Directories of the workspace members that it reaches, its own among them. */
  readonly reached: readonly string[]
}

/**
 * What decides the tests of each Python package, told by uv itself, by directory. `uv export --package` prints the locked
 * packages that the member reaches (hashes and markers included) and one `-e ./directory` line per workspace member.
 */
export function createPythonOracle(sandbox: Sandbox): (blobs: Blobs) => Promise<Map<string, PythonAnswer>> {
  let asked: { readonly key: string; readonly exports: readonly Exported[]; readonly hidden: string } | undefined
  return async (blobs) => {
    if (!blobs.has('uv.lock')) return new Map()
    const key = visibleTo(blobs, /(^|\/)(pyproject\.toml|uv\.(lock|toml)|\.python-version)$/)
    if (asked?.key !== key) asked = { key, ...(await resolve(sandbox)) }
    const { exports, hidden } = asked
    const projects = projectDirectories(blobs)
    return new Map(
      exports.map(({ directory, text }) => {
        const reached = text.split('\n').flatMap((line) => /^-e \.\/(\S+)/.exec(line)?.[1] ?? [])
        const files = reached.flatMap((place) => blobsIn(blobs, place, projects))
        return [directory, { text: [hidden, text, ...files].join('\n'), reached }]
      }),
    )
  }
}

interface Exported {
  readonly directory: string
  readonly text: string
}

async function resolve(sandbox: Sandbox): Promise<{ readonly exports: readonly Exported[]; readonly hidden: string }> {
  const members = [...(await sandbox.read('uv.lock')).matchAll(/^name = "(.+)"$(?:\n.+?)*?\nsource = \{ editable = "(.+)" \}$/gm)]
  const root = parseToml(await sandbox.read('pyproject.toml'), { file: 'pyproject.toml', code: 'EDIT_CONFLICT' })
  const { uv: _, pytest, ...tools } = tableAt(root, ['tool']) ?? {}
  const exported = members.map(async ([, name = '', directory = '']) => {
    const text = await exportOf(sandbox, ['--package', name, '--all-extras', '--all-groups'])
    // pytest reads one configuration: the one that is nearest.
    const own = /^\[tool\.pytest/m.test(await sandbox.read(`${directory}/pyproject.toml`))
    return { directory, text: own ? text : `${text}\n${JSON.stringify(pytest)}` }
  })
  // Tests run in the environment that the root's groups make.
  const names = Object.keys(tableAt(root, ['dependency-groups']) ?? {})
  const groups = await Promise.all(names.map((name) => exportOf(sandbox, ['--only-group', name])))
  return { exports: await Promise.all(exported), hidden: [JSON.stringify(tools), ...groups].join('\n') }
}

async function exportOf(sandbox: Sandbox, words: readonly string[]): Promise<string> {
  return sandbox.output('uv', 'export', '--frozen', '--no-header', '--no-annotate', ...words)
}
