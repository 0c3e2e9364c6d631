import type { Quality } from './quality.ts'

/** Lines of workflows in other repositories, as they were when this package was designed. */
const OTHERS: Readonly<Record<string, number>> = { uv: 11_143, 'tfhe-rs': 12_866, ruff: 4_610 }

/** The rule that this bench watches: a plan is done within a tenth of what no plan can beat. */
const LIMIT = 1.1

/** Milliseconds of one run of a command: of all its processes together, and by the clock. */
export interface Time {
  readonly cpu: number
  readonly wall: number
}

export interface BenchReport {
  readonly date: string
  readonly machine: string
  readonly command: string
  readonly traces: number
  readonly qualities: readonly Quality[]
  /** Each run, by command. */
  readonly commands: Readonly<Record<string, readonly Time[]>>
  /** Lines of each generated workflow. */
  readonly lines: Readonly<Record<string, number>>
}

/** The page of the docs. */
export function renderReport(report: BenchReport): string {
  return `${[
    '# The workflows and their plan',
    `Made by \`${report.command}\` on ${report.date}; nothing in it is written by hand.`,
    `- ${report.machine}`,
    ...qualitySection(report),
    ...commandSection(report),
    ...lineSection(report),
  ].join('\n\n')}\n`
}

function qualitySection({ traces, qualities }: BenchReport): string[] {
  const several = qualities.filter(({ machines }) => machines > 1)
  const known = several.flatMap(({ overBest }) => overBest ?? [])
  return [
    '## How well a plan divides the work',
    `${traces} generated changes of repositories with 3 to 400 projects in up to six layers, with durations that are skewed as recorded ones are. In ${traces - several.length} of them one machine is enough; the other ${several.length} are divided over 2 to ${Math.max(...several.map(({ machines }) => machines))}. The time is that of the last machine. The bound is what no division can beat, but not always what one can reach: where every project needs the same builds, each machine has to make them. Where all divisions can be tried, the plan is compared with the best of them, too.`,
    [
      '| time over | changes | median | 95 of 100 | worst | more than 1.10 |',
      '| --- | --: | --: | --: | --: | --: |',
      row(
        'the bound',
        several.map(({ ratio }) => ratio),
      ),
      row('the best of all divisions', known),
    ].join('\n'),
  ]
}

function row(title: string, values: readonly number[]): string {
  const sorted = [...values].sort((left, right) => left - right)
  const at = (part: number): string =>
    (sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN).toFixed(3)
  const over = sorted.filter((value) => value > LIMIT).length
  return `| ${title} | ${sorted.length} | ${at(0.5)} | ${at(0.95)} | ${at(1)} | ${over} |`
}

function commandSection({ commands }: BenchReport): string[] {
  const rows = Object.entries(commands).map(([command, times]) => {
    const cells = [times.map(({ cpu }) => cpu), times.map(({ wall }) => wall)].map((values) => {
      const sorted = [...values].sort((left, right) => left - right)
      const seconds = (value: number | undefined): string => ((value ?? Number.NaN) / 1000).toFixed(2)
      return `${seconds(sorted[0])} (${seconds(sorted[Math.floor(sorted.length / 2)])})`
    })
    return `| \`${command}\` | ${times.length} | ${cells.join(' | ')} |`
  })
  return [
    '## Commands that need no graph',
    'Seconds of a fresh process, from TypeScript source: the least of all runs, and the median. The clock counts what else the machine does, too.',
    ['| command | runs | CPU | clock |', '| --- | --: | --: | --: |', ...rows].join('\n'),
  ]
}

function lineSection({ lines }: BenchReport): string[] {
  const own = Object.entries(lines).map(([file, count]) => `| \`${file}\`, generated | ${count} | 0 |`)
  const others = Object.entries(OTHERS).map(([name, count]) => `| ${name}, by hand | ${count} | ${count} |`)
  const sum = Object.values(lines).reduce((total, count) => total + count, 0)
  return [
    '## Lines of workflows',
    [
      '| repository | lines | written by hand |',
      '| --- | --: | --: |',
      ...own,
      `| this repository | ${sum} | 0 |`,
      ...others,
    ].join('\n'),
  ]
}
