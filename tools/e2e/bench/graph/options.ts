import { parseArgs } from 'node:util'
import { ROWS, type Row } from './rows.ts'

export interface BenchOptions {
  readonly sizes: readonly number[]
  readonly repeat: number
  /** Keys of columns; every column when empty. */
  readonly columns: readonly string[]
  readonly rows: readonly Row[]
  /** Where the other tools are installed. */
  readonly peers: string | undefined
  readonly json: boolean
  readonly out: string | undefined
  readonly help: boolean
}

export const HELP = `Measures the task graph of generated workspaces: bare nx, Interlock, other plugins, Turborepo and ninja.

npm run bench:graph -- [options]

  --sizes 50,200,1000   numbers of projects
  --repeat 3            repetitions; a cell is their median
  --columns a,b         bare, interlock, plugins, turbo, ninja; nx columns come without and with the daemon (bare-daemon)
  --rows a,b            ${Object.keys(ROWS).join(', ')}; all of them when absent
  --peers DIR           where the other tools are installed with npm (default: a folder of the system's temporary one)
  --json                print the measurements as JSON instead of Markdown
  --out FILE            write what is printed to a file as well
  --help                this text
`

export function parseBenchOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      sizes: { type: 'string', default: '50,200,1000' },
      repeat: { type: 'string', default: '3' },
      columns: { type: 'string', default: '' },
      rows: { type: 'string', default: Object.keys(ROWS).join(',') },
      peers: { type: 'string' },
      json: { type: 'boolean', default: false },
      out: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  return {
    sizes: values.sizes.split(',').map((size) => whole('--sizes', size, 9)),
    repeat: whole('--repeat', values.repeat, 1),
    columns: values.columns.split(',').filter((column) => column !== ''),
    rows: values.rows.split(',').map(rowOf),
    peers: values.peers,
    json: values.json,
    out: values.out,
    help: values.help,
  }
}

function whole(option: string, text: string, least: number): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < least) throw new Error(`${option}: "${text}" is no whole number of at least ${least}`)
  return value
}

function rowOf(text: string): Row {
  const row = (Object.keys(ROWS) as Row[]).find((key) => key === text)
  if (row === undefined) throw new Error(`--rows: "${text}" is none of ${Object.keys(ROWS).join(', ')}`)
  return row
}
