/** What a step wrote into a file of variables, or why GitHub Actions would fail the step. */
export type FileCommands =
  | { readonly ok: true; readonly values: Readonly<Record<string, string>> }
  | { readonly ok: false; readonly reason: string }

/** Variables that a step may not give to later ones. */
const REFUSED: ReadonlySet<string> = new Set(['NODE_OPTIONS'])

/** Reads `name=value` lines and `name<<END` blocks, as GITHUB_OUTPUT and GITHUB_ENV hold them. */
export function parseVariables(text: string, file: 'GITHUB_OUTPUT' | 'GITHUB_ENV'): FileCommands {
  const values: [string, string][] = []
  const lines = text.split(/\r?\n/u)
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? ''
    if (line === '') continue
    const equals = line.indexOf('=')
    const heredoc = line.indexOf('<<')
    if (equals > 0 && (heredoc === -1 || equals < heredoc)) {
      values.push([line.slice(0, equals), line.slice(equals + 1)])
      continue
    }
    if (heredoc <= 0 || heredoc + 2 === line.length)
      return bad(file, `the line ${JSON.stringify(line.slice(0, 80))} is no name=value`)
    const end = lines.indexOf(line.slice(heredoc + 2), at + 1)
    if (end === -1) return bad(file, `nothing ends the value of ${JSON.stringify(line.slice(0, heredoc))}`)
    values.push([line.slice(0, heredoc), lines.slice(at + 1, end).join('\n')])
    at = end
  }
  const refused = file === 'GITHUB_ENV' ? values.find(([name]) => REFUSED.has(name.toUpperCase())) : undefined
  if (refused !== undefined) return bad(file, `a step may not set ${refused[0]} for later ones`)
  return { ok: true, values: Object.fromEntries(values) }
}

/** Folders that GITHUB_PATH puts before PATH, the last one first. */
export function parsePaths(text: string): readonly string[] {
  return text
    .split(/\r?\n/u)
    .filter((line) => line !== '')
    .toReversed()
}

/** A command in a step's output that GitHub reads and that is not simulated; `undefined` where there is none. */
export function unsimulatedCommand(output: string): string | undefined {
  return /^(?:##\[|::)(set-output|set-env|add-path|save-state)[ \]]/mu.exec(output)?.[1]
}

function bad(file: string, reason: string): FileCommands {
  return { ok: false, reason: `${file}: ${reason}` }
}
