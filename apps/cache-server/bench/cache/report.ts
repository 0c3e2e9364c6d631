import type { Sample, Scenario } from './scenarios.ts'
import type { SubjectName } from './subjects.ts'

/** Everything that was measured: by scenario and subject, one sample for each round. */
export type Samples = ReadonlyMap<Scenario['key'], ReadonlyMap<SubjectName, readonly Sample[]>>

export interface Report {
  readonly command: string
  readonly date: string
  readonly machine: string
  readonly scenarios: readonly Pick<Scenario, 'key' | 'title'>[]
  readonly subjects: Readonly<Record<SubjectName, string>>
  readonly samples: Samples
  /** Bytes per second that two processes pass each other here. */
  readonly loopBack: number
}

export interface Verdict {
  readonly text: string
  readonly value: number
  readonly bound: number
  readonly unit: '' | ' MB'
  readonly isMet: boolean
}

const MB = 1024 * 1024

export function renderReport(report: Report): string {
  return [
    '# The cache server beside nginx and a peer',
    '',
    `Made by \`${report.command}\` on ${report.date}; nothing in it is written by hand.`,
    '',
    'The figure to compare is processor time: user and system seconds of the server with every thread and process of it, for each request. It is the least of all rounds, with the largest in parentheses; rounds are interleaved. All three get the requests of Turborepo. nginx sends files with sendfile and takes uploads over WebDAV: it computes no digest, checks no token and knows no scope. Bytes per second are those of the fastest round; the clock counts what else the machine does, too.',
    '',
    `- ${report.machine}`,
    ...Object.entries(report.subjects).map(([key, title]) => `- \`${key}\`: ${title}`),
    `- two processes pass each other ${mb(report.loopBack)} MB/s over loop-back here`,
    '',
    '## Targets',
    '',
    '| | measured | target | |',
    '| --- | --: | --: | --- |',
    ...verdictsOf(report.samples).map(
      ({ text, value, bound, unit, isMet }) =>
        `| ${text} | ${value.toFixed(2)}${unit} | ${isAtLeast(text) ? '≥' : '≤'} ${bound}${unit} | ${isMet ? 'met' : '**missed**'} |`,
    ),
    '',
    ...report.scenarios.flatMap((scenario) => [...sectionOf(report, scenario), '']),
  ].join('\n')
}

function sectionOf({ samples, loopBack }: Report, { key, title }: Pick<Scenario, 'key' | 'title'>): string[] {
  const rows = [...(samples.get(key) ?? [])].map(([name, rounds]) => {
    const cpu = rounds.map((round) => round.cpu * 1000)
    const rate = Math.max(...rounds.map(({ bytesPerSecond }) => bytesPerSecond))
    const peak = Math.max(...rounds.map(({ peakBytes }) => peakBytes))
    const errors = rounds.flatMap((round) => round.errors)
    return `| ${name} | ${ms(Math.min(...cpu))} (${ms(Math.max(...cpu))}) | ${mb(rate)} (${percent(rate / loopBack)}) | ${mb(peak)} | ${errorsText(errors)} |`
  })
  return [
    `## ${title}`,
    '',
    '| | CPU ms per request | MB/s (of loop-back) | peak MB | errors |',
    '| --- | --: | --: | --: | --- |',
    ...rows,
  ]
}

/** The targets, each from the least of all rounds. What was not measured is no verdict but an error. */
export function verdictsOf(samples: Samples): Verdict[] {
  const of = (key: Scenario['key'], name: SubjectName): readonly Sample[] => {
    const rounds = samples.get(key)?.get(name) ?? []
    if (rounds.length === 0) throw new Error(`${key} of ${name} was not measured`)
    return rounds
  }
  const cpu = (key: Scenario['key'], name: SubjectName): number => Math.min(...of(key, name).map((round) => round.cpu))
  const ratio = (key: Scenario['key']): number => cpu(key, 'interlock') / cpu(key, 'nginx')
  const peak = Math.max(...of('put-32', 'interlock').map(({ peakBytes }) => peakBytes)) / MB
  const bursts = of('burst', 'interlock')
  const errors = [...samples.values()]
    .flatMap((subjects) => subjects.get('interlock') ?? [])
    .flatMap((round) => round.errors).length
  return [
    atMost('hot 1 KB GET, CPU as a multiple of nginx', ratio('get-1kb'), 1.6),
    atMost('1 MB GET, CPU as a multiple of nginx', ratio('get-1mb'), 2.8),
    atMost('100 MB PUT with SHA-256, CPU as a multiple of nginx without', ratio('put-100mb'), 1.5),
    atLeast(
      '100 MB PUT, CPU of the peer as a multiple of ours, at least',
      cpu('put-100mb', 'peer') / cpu('put-100mb', 'interlock'),
      3,
    ),
    { ...atMost('peak memory at 32 uploads of 100 MB at once', peak, 150), unit: ' MB' },
    atMost('requests of ours that failed', errors, 0),
    atMost(
      'memory of the last burst as a multiple of the first',
      (bursts.at(-1)?.peakBytes ?? 0) / (bursts[0]?.peakBytes ?? 1),
      1.2,
    ),
  ]
}

function atMost(text: string, value: number, bound: number): Verdict {
  return { bound, isMet: value <= bound, text, unit: '', value }
}

function atLeast(text: string, value: number, bound: number): Verdict {
  return { bound, isMet: value >= bound, text, unit: '', value }
}

function isAtLeast(text: string): boolean {
  return text.endsWith('at least')
}

function errorsText(errors: readonly string[]): string {
  if (errors.length === 0) return 'none'
  return `${errors.length}: ${[...new Set(errors)].slice(0, 3).join('; ')}`
}

function ms(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3)
}

function mb(bytes: number): string {
  return (bytes / MB).toFixed(0)
}

function percent(part: number): string {
  return `${(part * 100).toFixed(0)} %`
}
