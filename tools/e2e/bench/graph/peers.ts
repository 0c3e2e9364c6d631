import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runOk } from '@interlock/kit'

/** What other columns need, in the versions that go together: both plugins are made for Nx 22 and newer devkits. */
const PEERS = {
  turbo: { turbo: '2.11.11' },
  plugins: { '@monodon/rust': '3.0.0', '@nxlv/python': '23.1.1', nx: '22.7.12', '@nx/devkit': '22.7.12' },
} as const

export type Peer = keyof typeof PEERS

/** The folder's node_modules with the packages of one peer; npm runs only when they are not there. */
export async function installPeer(peer: Peer, folder: string): Promise<string> {
  const cwd = join(folder, peer)
  const dependencies = PEERS[peer]
  const manifest = `${JSON.stringify({ name: `bench-${peer}`, private: true, dependencies }, null, 2)}\n`
  const file = join(cwd, 'package.json')
  const stamp = join(cwd, 'node_modules', '.installed')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === manifest) return join(cwd, 'node_modules')
  mkdirSync(cwd, { recursive: true })
  writeFileSync(file, manifest)
  await runOk(['npm', 'install', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd })
  writeFileSync(stamp, manifest)
  return join(cwd, 'node_modules')
}

export function peerTitle(peer: Peer): string {
  return Object.entries(PEERS[peer])
    .map(([name, version]) => `${name} ${version}`)
    .join(', ')
}
