import { ROWS, type ColumnResult, type LockCount, type Report, type Row, type Sample } from './rows.ts'
import { median } from './statistics.ts'
import { verdicts } from './targets.ts'

/** The report as a Markdown page. */
export function renderReport(report: Report): string {
  const sizes = report.sizes.flatMap((size) => [
    `## ${size} projects`,
    '',
    ...renderSize(report, size),
    '',
    ...renderLocks(report, size),
    '',
  ])
  return [
    `# The graph at ${report.sizes.join(', ')} projects`,
    '',
    `Made by \`${report.command}\`; nothing in it is written by hand.`,
    '',
    ...INTRODUCTION,
    '',
    ...report.machine.map((line) => `- ${line}`),
    ...Object.entries(report.columns).map(([key, title]) => `- \`${key}\`: ${title}`),
    `- ${report.date}, repetitions: ${report.repeat}, columns in turn; load average before and after: ${report.load.join(' and ')}`,
    '',
    ...sizes,
    '## Targets',
    '',
    ...renderVerdicts(report),
    '',
  ].join('\n')
}

const INTRODUCTION = [
  'A cell is user + system CPU seconds of the command with every process that it started and, with the daemon, of what the',
  "daemon did for it, then the peak memory: the command's largest process plus the daemon's peak. Cells are medians.",
  'A third each of the projects are crates, Python packages and TypeScript packages with docs; each language has eight layers',
  'and its real lock file, written by cargo, uv and npm. Every Nx column runs with `NX_ISOLATE_PLUGINS=false`, every task is',
  'one that does nothing, and the graph is what `nx show projects`, `turbo ls` and `ninja -n` load.',
]

function renderSize(report: Report, size: number): string[] {
  const keys = Object.keys(report.columns)
  const results = keys.map((key) => report.results.find((result) => result.key === key && result.size === size))
  const rows = (Object.keys(ROWS) as Row[]).map((row) => [ROWS[row], ...results.map((result) => cell(result, row))])
  return markdownTable([['CPU s · MB', ...keys], ...rows])
}

function cell(result: ColumnResult | undefined, row: Row): string {
  if (result?.failure !== undefined) return `not run (${result.failure})`
  const samples = result?.samples[row] ?? []
  if (samples.length === 0) return 'not run (left out)'
  const of = (field: (sample: Sample) => number): number => median(samples.map(field))
  return `${of(({ user, system }) => user + system).toFixed(2)} · ${of(({ memory }) => memory).toFixed(0)}`
}

function renderLocks(report: Report, size: number): string[] {
  const locks = report.locks.filter((count) => count.size === size)
  return [
    'Projects selected after a commit that only moves one package in a lock file:',
    '',
    ...markdownTable([['commit', 'column', 'right', 'selected', 'missed', 'too many'], ...locks.map(lockRow)]),
  ]
}

function lockRow({ lock, bump, key, expected, selected, missed, extra }: LockCount): string[] {
  const counted = typeof selected === 'number'
  return [
    `${lock}: ${bump}`,
    key,
    String(expected),
    String(selected),
    counted ? String(missed) : 'not run',
    counted ? String(extra) : 'not run',
  ]
}

function renderVerdicts(report: Report): string[] {
  const found = verdicts(report)
  if (found.length === 0) return ['Not judged: `bare-daemon` and `interlock-daemon` were not both measured.']
  const rows = found.map(({ size, what, bare, interlock, difference, limit, met }) => [
    String(size),
    what,
    bare,
    interlock,
    difference,
    limit,
    met ? 'met' : '**missed**',
  ])
  return [
    'Interlock on top of bare nx with the same number of projects, plugin isolation off, daemon warm.',
    'The targets are for 1,000 projects; smaller sizes are shown beside.',
    '',
    ...markdownTable([['projects', 'what', 'bare nx', 'Interlock', 'difference', 'limit', ''], ...rows]),
  ]
}

function markdownTable([head = [], ...rows]: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map((_, place) => (place === 0 ? '---' : '--:'))), ...rows.map(line)]
}
