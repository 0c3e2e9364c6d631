/** The command that GitHub Actions types for a script, and the ending of the script's file. */
export interface ShellCommand {
  readonly words: readonly string[]
  readonly extension: string
}

const KNOWN: Readonly<Record<string, { readonly words: readonly string[]; readonly extension: string }>> = {
  // What is used where a step names no shell has no pipefail.
  '': { words: ['bash', '-e', '{0}'], extension: '.sh' },
  bash: { words: ['bash', '--noprofile', '--norc', '-e', '-o', 'pipefail', '{0}'], extension: '.sh' },
  sh: { words: ['sh', '-e', '{0}'], extension: '.sh' },
  python: { words: ['python', '{0}'], extension: '.py' },
  pwsh: { words: ['pwsh', '-command', ". '{0}'"], extension: '.ps1' },
}

/** The command for a script in `file`; `undefined` for a shell of which nobody can say where the script goes. */
export function shellCommand(shell: string, file: (extension: string) => string): readonly string[] | undefined {
  const command = KNOWN[shell] ?? customShell(shell)
  if (command === undefined) return undefined
  const path = file(command.extension)
  return command.words.map((word) => word.replaceAll('{0}', path))
}

function customShell(shell: string): ShellCommand | undefined {
  const words = shell.split(/\s+/u).filter((word) => word !== '')
  return words.some((word) => word.includes('{0}')) ? { words, extension: '.sh' } : undefined
}
