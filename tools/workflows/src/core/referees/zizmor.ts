import { stripVTControlCharacters } from 'node:util'
import { z } from 'zod'
import { lastLine } from './last-line.ts'
import { refereeJson } from './json.ts'
import type { Finding, Reading, Referee, RefereeCall, RefereeOutput } from './types.ts'

const reportSchema = z.array(
  z.object({
    ident: z.string(),
    desc: z.string(),
    locations: z.array(
      z.object({
        symbolic: z.object({
          key: z.object({ Local: z.object({ verbatim_path: z.string() }) }),
          annotation: z.string(),
          kind: z.string(),
        }),
        concrete: z.object({ location: z.object({ start_point: z.object({ row: z.int() }) }) }),
      }),
    ),
  }),
)

/** zizmor audits what a workflow gives away. Comments and configuration files that ignore a finding are not honoured. */
export const zizmor: Referee = {
  name: 'zizmor',
  calls: ({ workflows, actions, dependabot }) => [
    {
      args: [
        '--offline',
        '--persona=pedantic',
        '--format=json',
        '--strict-collection',
        '--no-config',
        '--no-ignores',
        '--no-progress',
      ],
      files: [...workflows, ...actions, ...dependabot],
    },
  ],
  read,
}

/** Its status says how bad the worst finding is, and 0 in some formats whatever was found: only its JSON counts. */
function read({ stdout, stderr }: RefereeOutput, { files }: RefereeCall): Reading {
  const report = refereeJson(stdout, reportSchema)
  if ('reason' in report) return { kind: 'unreadable', reason: `${report.reason}: ${lastLine(stderr)}` }
  const log = stripVTControlCharacters(stderr)
  const overlooked = files.filter((file) => !log.includes(`completed ${file}\n`))
  if (overlooked.length > 0) return { kind: 'unreadable', reason: `it did not look at ${overlooked.join(', ')}` }
  return { kind: 'read', findings: report.value.map(findingOf) }
}

function findingOf({ ident, desc, locations }: z.infer<typeof reportSchema>[number]): Finding {
  const place = locations.find(({ symbolic }) => symbolic.kind === 'Primary') ?? locations[0]
  const annotation = place === undefined ? '' : `: ${place.symbolic.annotation}`
  return {
    referee: 'zizmor',
    rule: ident,
    file: place?.symbolic.key.Local.verbatim_path ?? '',
    ...(place === undefined ? {} : { line: place.concrete.location.start_point.row + 1 }),
    message: `${desc}${annotation}`,
  }
}
