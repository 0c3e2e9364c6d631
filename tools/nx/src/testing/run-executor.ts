import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import type { ExecutorContext } from '@nx/devkit'

/** A context with only what our executors read of it. */
export function executorContext(root: string): ExecutorContext {
  return {
    root,
    cwd: root,
    isVerbose: false,
    projectsConfigurations: { version: 2, projects: {} },
    nxJsonConfiguration: {},
    projectGraph: { nodes: {}, dependencies: {} },
  }
}

/** Runs `action` and returns what this process wrote meanwhile. */
export async function capturingOutput<Result>(action: () => Promise<Result>): Promise<{ result: Result; output: string }> {
  const streams = [process.stdout, process.stderr]
  const writes = streams.map((stream) => stream.write.bind(stream))
  let output = ''
  const take = (chunk: unknown): boolean => {
    output += String(chunk)
    return true
  }
  for (const stream of streams) stream.write = take
  try {
    return { result: await action(), output }
  } finally {
    for (const [index, stream] of streams.entries()) stream.write = writes[index] ?? stream.write.bind(stream)
  }
}

/** The identity script as Nx runs it. */
export function runIdentity(words: readonly string[], env: Readonly<Record<string, string>> = {}, cwd = '.'): string {
  const script = join(import.meta.dirname, '..', '..', 'bin', 'identity.mjs')
  return execFileSync(process.execPath, [script, ...words], { cwd, encoding: 'utf8', env: { ...process.env, ...env } })
}
