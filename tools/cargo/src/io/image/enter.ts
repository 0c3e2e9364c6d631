import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { runProcess } from '@interlock/kit'

/** A way to start a program in another root file system. */
export interface Entrance {
  readonly name: 'chroot' | 'user namespace'
  /** The words before the program and its arguments. */
  readonly words: (root: string, user: string) => readonly string[]
}

const FOLDERS = ['/usr/sbin', '/sbin', '/usr/bin', '/bin']

/** The first way that this machine allows; `undefined` where it allows none. */
export async function findEntrance(env: Readonly<Record<string, string | undefined>>): Promise<Entrance | undefined> {
  const [chroot, unshare] = ['chroot', 'unshare'].map((name) => find(name, env))
  if (chroot === undefined) return undefined
  if (await runs([chroot, '/', '/bin/true'])) {
    return { name: 'chroot', words: (root, user) => [chroot, `--userspec=${user}`, root] }
  }
  const alone = [unshare ?? '', '--user', '--map-root-user', chroot]
  if (unshare === undefined || !(await runs([...alone, '/', '/bin/true']))) return undefined
  return { name: 'user namespace', words: (root) => [...alone, root] }
}

async function runs(command: readonly string[]): Promise<boolean> {
  const ended = await runProcess(command, { timeoutMs: 30_000 })
  return ended.kind === 'exited' && ended.status === 0
}

/** The program by its absolute path: it is started with the environment of the image, which has another PATH. */
function find(name: string, env: Readonly<Record<string, string | undefined>>): string | undefined {
  const folders = [...(env['PATH'] ?? '').split(delimiter), ...FOLDERS]
  return folders.map((folder) => join(folder, name)).find((path) => path.startsWith('/') && existsSync(path))
}
