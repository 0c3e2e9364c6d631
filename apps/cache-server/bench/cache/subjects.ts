import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { treeOf, type Tree } from './processes.ts'

export const PEER = 'turborepo-remote-cache@2.12.0'
export type SubjectName = 'interlock' | 'nginx' | 'peer'

/** A server that answers the requests of Turborepo for artifacts. */
export interface Subject {
  readonly name: SubjectName
  readonly url: string
  readonly token: string
  readonly tree: Tree
  readonly stop: () => Promise<void>
}

const SERVER = fileURLToPath(new URL('../../bin/interlock-cache-server.js', import.meta.url))
const TOKEN = 'bench'

/** Ours as it is installed: compiled, with the defaults of one machine. */
export async function startInterlock(folder: string): Promise<Subject> {
  mkdirSync(folder, { recursive: true })
  const child = spawn(process.execPath, [SERVER, '--port', '0'], {
    cwd: folder,
    env: clean(),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.on('data', (text: Buffer) => (said += text.toString()))
  const find = (pattern: RegExp): string | undefined => pattern.exec(said)?.[1]
  await until(child, async () => find(/token is in (\S+),/u) !== undefined)
  const url = find(/listens on (http:\/\/\S+?),/u) ?? ''
  const token = readFileSync(join(folder, find(/token is in (\S+),/u) ?? ''), 'utf8').trim()
  return subject({ child, name: 'interlock', token, url })
}

/** The yardstick: files by sendfile, uploads by WebDAV, without digest, token or scope. */
export async function startNginx(folder: string): Promise<Subject> {
  const port = await freePort()
  for (const name of ['data', 'temporary']) mkdirSync(join(folder, name), { recursive: true })
  writeFileSync(join(folder, 'nginx.conf'), nginxConfig(folder, port))
  const child = spawn('nginx', ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', join(folder, 'error.log')], {
    stdio: 'inherit',
  })
  await until(child, async () => isAnswering(port))
  return subject({ child, name: 'nginx', token: TOKEN, url: `http://127.0.0.1:${port}` })
}

/** The peer, installed from the registry into the folder. */
export async function startPeer(folder: string): Promise<Subject> {
  const port = await freePort()
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{"private":true}')
  const installed = spawnSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', PEER], {
    cwd: folder,
    encoding: 'utf8',
  })
  if (installed.status !== 0) throw new Error(`npm install ${PEER} failed:\n${installed.stderr}`)
  const env = {
    ...clean(),
    BODY_LIMIT: String(256 * 1024 * 1024),
    LOG_LEVEL: 'error',
    NODE_ENV: 'production',
    PORT: String(port),
    STORAGE_PATH: join(folder, 'data'),
    STORAGE_PROVIDER: 'local',
    TURBO_TOKEN: TOKEN,
  }
  const log = openSync(join(folder, 'log'), 'w')
  const child = spawn(process.execPath, [join(folder, 'node_modules/turborepo-remote-cache/dist/cli.js')], {
    cwd: folder,
    env,
    stdio: ['ignore', log, log],
  })
  await until(child, async () => isAnswering(port))
  return subject({ child, name: 'peer', token: TOKEN, url: `http://127.0.0.1:${port}` })
}

/** What is missing on this machine to start a subject, and how to get it. */
export function missing(): string | undefined {
  const { stderr, error } = spawnSync('nginx', ['-V'], { encoding: 'utf8' })
  if (error !== undefined) return 'nginx is missing: apt-get install --no-install-recommends nginx-extras'
  return stderr.includes('http_dav_module')
    ? undefined
    : 'this nginx has no WebDAV: apt-get install --no-install-recommends nginx-extras'
}

function subject({ child, ...parts }: Pick<Subject, 'name' | 'token' | 'url'> & { readonly child: ChildProcess }): Subject {
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const kill = (): void => void child.kill('SIGTERM')
  process.once('exit', kill)
  return {
    ...parts,
    stop: async () => {
      process.off('exit', kill)
      kill()
      await exited
    },
    tree: treeOf(child.pid ?? 0),
  }
}

function nginxConfig(folder: string, port: number): string {
  // Started by root, its worker would be somebody who may not write here.
  const user = process.getuid?.() === 0 ? 'user root;' : ''
  return `daemon off;
${user}
worker_processes 1;
pid ${folder}/pid;
events { worker_connections 16384; }
http {
  access_log off;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 1000000;
  default_type application/octet-stream;
  client_max_body_size 0;
  client_body_temp_path ${folder}/temporary;
  server {
    listen 127.0.0.1:${port} backlog=4096;
    root ${folder}/data;
    location / { dav_methods PUT; create_full_put_path on; }
  }
}
`
}

function clean(): Record<string, string | undefined> {
  return { ...process.env, NODE_OPTIONS: undefined }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

async function isAnswering(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/`).then(
    () => true,
    () => false,
  )
}

async function until(child: ChildProcess, isReady: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    if (child.exitCode !== null) throw new Error(`${child.spawnfile} ended with ${child.exitCode}`)
    if (await isReady()) return
    await delay(100)
  }
  throw new Error(`${child.spawnfile} does not answer`)
}
