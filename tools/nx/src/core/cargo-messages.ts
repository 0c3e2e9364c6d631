const FORMAT = '--message-format=json-render-diagnostics'

/** The command with Cargo's messages in JSON on standard output; what people read stays on standard error. */
export function withMessages(command: readonly string[]): string[] {
  const at = command.indexOf('--')
  return at === -1 ? [...command, FORMAT] : [...command.slice(0, at), FORMAT, ...command.slice(at)]
}

/** Paths of the built binaries by name, from Cargo's JSON messages. Lines that are no JSON are other programs' output. */
export function builtBinaries(output: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const line of output.split('\n')) {
    const message = line.startsWith('{') ? parseMessage(line) : undefined
    if (message?.reason !== 'compiler-artifact' || typeof message.executable !== 'string') continue
    if (message.target?.kind?.includes('bin') === true) found.set(message.target.name ?? '', message.executable)
  }
  return found
}

interface Message {
  readonly reason?: unknown
  readonly executable?: unknown
  readonly target?: { readonly name?: string; readonly kind?: readonly string[] }
}

function parseMessage(line: string): Message | undefined {
  try {
    return JSON.parse(line) as Message
  } catch {
    return undefined
  }
}
