import { writeFileSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { installPacked } from '../src/io/packages.ts'
import { COLUMNS, type Column } from './graph/columns.ts'
import { cleanEnvironment } from './graph/environment.ts'
import { describeMachine, version } from './graph/machine.ts'
import { HELP, parseBenchOptions } from './graph/options.ts'
import { installPeer, peerTitle } from './graph/peers.ts'
import type { ColumnResult, LockCount, Report } from './graph/rows.ts'
import { measureSize } from './graph/size.ts'
import { renderReport } from './graph/table.ts'

const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url))

const options = parseBenchOptions(process.argv.slice(2))
if (options.help) process.stdout.write(HELP)
else await main()

async function main(): Promise<void> {
  const columns = COLUMNS.filter(
    ({ key }) => options.columns.length === 0 || options.columns.some((wanted) => key === wanted || key === `${wanted}-daemon`),
  )
  if (columns.length === 0) throw new Error(`--columns: none of ${options.columns.join(', ')} is a column`)
  const env = cleanEnvironment(REPOSITORY)
  const peers = options.peers ?? join(tmpdir(), 'interlock-bench-peers')
  const packed = await installPacked(REPOSITORY.replace(/\/$/, ''))
  const modulesOf = async ({ modules }: Column): Promise<string | undefined> => {
    if (modules === undefined) return undefined
    return modules === 'interlock' ? join(packed.folder, 'node_modules') : installPeer(modules, peers)
  }
  const before = load()
  const results: ColumnResult[] = []
  const locks: LockCount[] = []
  for (const size of options.sizes) {
    const log = (message: string): void => console.error(message)
    const measured = await measureSize({ size, repeat: options.repeat, rows: options.rows, columns, env, modulesOf, log })
    results.push(...measured.results)
    locks.push(...measured.locks)
  }
  const report: Report = {
    date: new Date().toISOString().slice(0, 10),
    machine: await describeMachine(env),
    command: ['npm run bench:graph --', ...withoutFolders(process.argv.slice(2))].join(' '),
    load: [before, load()],
    repeat: options.repeat,
    columns: Object.fromEntries(await Promise.all(columns.map(async (column) => [column.key, await titleOf(column)] as const))),
    sizes: options.sizes,
    results,
    locks,
  }
  const text = options.json ? `${JSON.stringify(report, null, 2)}\n` : renderReport(report)
  process.stdout.write(text)
  if (options.out !== undefined) writeFileSync(options.out, text)
}

function load(): string {
  return (loadavg()[0] ?? 0).toFixed(1)
}

/** Where the tools lie on this machine says nothing to others. */
function withoutFolders(args: readonly string[]): readonly string[] {
  const folders = ['--out', '--peers']
  return args.filter((arg, place) => !folders.includes(arg) && !folders.includes(args[place - 1] ?? ''))
}

async function titleOf({ key, modules, daemon }: Column): Promise<string> {
  const suffix = daemon ? ', with the daemon' : ''
  if (modules === 'plugins' || modules === 'turbo') return `${peerTitle(modules)}${suffix}`
  if (modules === undefined) return `ninja ${await version(['ninja', '--version'], {})}`
  return key.startsWith('bare') ? `nx with a package.json in each project${suffix}` : `nx with @interlock/nx, as packed${suffix}`
}
