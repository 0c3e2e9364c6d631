import { cpus, platform, release, totalmem } from 'node:os'
import { runOk } from '@interlock/kit'

/** What decides the figures, one fact a line. */
export async function describeMachine(env: Readonly<Record<string, string | undefined>>): Promise<string[]> {
  const versions = [await version(['cargo', '--version'], env), await version(['uv', '--version'], env)]
  const memory = (totalmem() / 2 ** 30).toFixed(0)
  return [
    `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, ${memory} GiB, ${platform()} ${release()}`,
    `Node ${process.versions.node}, npm ${await version(['npm', '--version'], env)}, ${versions.join(', ')}`,
  ]
}

/** The first line of what a program says of its version. */
export async function version(command: readonly string[], env: Readonly<Record<string, string | undefined>>): Promise<string> {
  const { stdout } = await runOk(command, { env })
  return stdout.trim().split('\n')[0] ?? ''
}
