import { ROWS, type Report, type Row, type Sample } from './rows.ts'
import { median } from './statistics.ts'

/** A promise about this machine-independent difference, and what was measured. */
export interface Verdict {
  readonly size: number
  readonly what: string
  readonly bare: string
  readonly interlock: string
  readonly difference: string
  readonly limit: string
  readonly met: boolean
}

/** Rows in which the daemon has the graph already. */
const SERVED: readonly Row[] = ['warm', 'affected', 'run']

/** Compares Interlock with bare nx, both with a warm daemon and without plugin isolation. */
export function verdicts(report: Report): readonly Verdict[] {
  return report.sizes.flatMap((size) => {
    const bare = samplesOf(report, 'bare-daemon', size)
    const interlock = samplesOf(report, 'interlock-daemon', size)
    if (bare === undefined || interlock === undefined) return []
    const measured = (row: Row): boolean => bare[row]?.length !== 0 && interlock[row]?.length !== 0
    const served = SERVED.filter(measured)
    const pair = { bare, interlock }
    return [
      ...served.map((row) => cpuRatio(size, row, pair)),
      ...(measured('source') ? [sourceEdit(size, pair)] : []),
      ...(served.length > 0 ? [memory(served, size, pair)] : []),
      ...(interlock.plan === undefined || interlock.plan.length === 0 ? [] : planned(size, interlock)),
    ]
  })
}

interface Pair {
  readonly bare: Samples
  readonly interlock: Samples
}

type Samples = Readonly<Partial<Record<Row, readonly Sample[]>>>

function samplesOf(report: Report, key: string, size: number): Samples | undefined {
  const found = report.results.find((result) => result.key === key && result.size === size)
  return found === undefined || found.failure !== undefined ? undefined : found.samples
}

function cpuRatio(size: number, row: Row, pair: Pair): Verdict {
  const [bare, interlock] = both(pair, row, 'user')
  const change = (interlock / bare - 1) * 100
  return {
    size,
    what: `user CPU, ${ROWS[row]}`,
    bare: `${bare.toFixed(2)} s`,
    interlock: `${interlock.toFixed(2)} s`,
    difference: `${signed(change, 0)} %`,
    limit: '+10 %',
    met: change <= 10,
  }
}

/** What the plan costs on top of the list of the same graph, which Nx makes for it. */
function planned(size: number, samples: Samples): Verdict[] {
  const [list, plan] = (['affected', 'plan'] as const).map((row) => samples[row] ?? []) as [readonly Sample[], readonly Sample[]]
  const [listTime, planTime] = [list, plan].map((each) => median(each.map(({ wall }) => wall))) as [number, number]
  const [listMemory, planMemory] = [list, plan].map((each) => median(each.map((sample) => sample.memory))) as [number, number]
  const common = { size, what: `${ROWS.plan}, beside the ${ROWS.affected} of Interlock` }
  return [
    {
      ...common,
      bare: `${listTime.toFixed(2)} s`,
      interlock: `${planTime.toFixed(2)} s`,
      difference: `${signed(planTime - listTime, 2)} s`,
      limit: '+0.15 s',
      met: planTime - listTime <= 0.15,
    },
    {
      ...common,
      bare: `${listMemory.toFixed(0)} MB`,
      interlock: `${planMemory.toFixed(0)} MB`,
      difference: `${signed(planMemory - listMemory, 0)} MB`,
      limit: '+40 MB',
      met: planMemory - listMemory <= 40,
    },
  ]
}

function sourceEdit(size: number, pair: Pair): Verdict {
  const [bare, interlock] = both(pair, 'source', 'user')
  return {
    size,
    what: `user CPU, ${ROWS.source}`,
    bare: `${bare.toFixed(2)} s`,
    interlock: `${interlock.toFixed(2)} s`,
    difference: `${signed(interlock - bare, 2)} s`,
    limit: '+0.20 s',
    met: interlock - bare <= 0.2,
  }
}

/** The row with the greatest difference decides. */
function memory(served: readonly Row[], size: number, pair: Pair): Verdict {
  const rows = served.map((row) => both(pair, row, 'memory'))
  const [bare, interlock] = rows.reduce((most, next) => (next[1] - next[0] > most[1] - most[0] ? next : most))
  return {
    size,
    what: 'peak memory, the worst of these rows',
    bare: `${bare.toFixed(0)} MB`,
    interlock: `${interlock.toFixed(0)} MB`,
    difference: `${signed(interlock - bare, 0)} MB`,
    limit: '+30 MB',
    met: interlock - bare <= 30,
  }
}

function both({ bare, interlock }: Pair, row: Row, field: keyof Sample): [number, number] {
  const of = (samples: Samples): number => median((samples[row] ?? []).map((sample) => sample[field]))
  return [of(bare), of(interlock)]
}

function signed(value: number, digits: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(digits)}`
}
