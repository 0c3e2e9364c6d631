import { z } from 'zod'
import { lastLine } from './last-line.ts'
import { refereeJson } from './json.ts'
import type { Finding, JudgedFiles, Reading, Referee, RefereeOutput } from './types.ts'

const place = z.object({ path: z.string(), message: z.string() })
const reportSchema = z.object({
  status: z.enum(['ok', 'fail']),
  errors: z.array(place.extend({ filename: z.string(), best_deep_match: place.optional() })),
  parse_errors: z.array(z.object({ filename: z.string(), message: z.string() })).optional(),
})

/** The schemas that come with it, by what they describe. */
const SCHEMAS: readonly (readonly [keyof JudgedFiles, string])[] = [
  ['workflows', 'vendor.github-workflows'],
  ['actions', 'vendor.github-actions'],
  ['dependabot', 'vendor.dependabot'],
]

/** check-jsonschema compares files with the schemas of GitHub's file formats. */
export const checkJsonschema: Referee = {
  name: 'check-jsonschema',
  calls: (judged) =>
    SCHEMAS.map(([kind, schema]) => ({
      args: ['--builtin-schema', schema, '--output-format', 'json'],
      files: judged[kind],
    })),
  read,
}

/** Its status is 1 for what is invalid and for its own failures, so only the JSON counts. */
function read({ status, stdout, stderr }: RefereeOutput): Reading {
  const report = refereeJson(stdout, reportSchema)
  if ('reason' in report) return { kind: 'unreadable', reason: `${report.reason}: ${lastLine(stderr)}` }
  const { errors, parse_errors: unparsed = [] } = report.value
  const findings = [
    ...errors.map(({ filename, path, message, best_deep_match: best }) =>
      found(filename, 'schema', `${best?.path ?? path}: ${best?.message ?? message}`),
    ),
    ...unparsed.map(({ filename, message }) => found(filename, 'syntax', message)),
  ]
  const clean = report.value.status === 'ok' && status === 0
  if (clean !== (findings.length === 0))
    return { kind: 'unreadable', reason: `it says ${report.value.status} with status ${status} and ${findings.length} errors` }
  return { kind: 'read', findings }
}

function found(filename: string, rule: string, message: string): Finding {
  return { referee: 'check-jsonschema', rule, file: filename.replaceAll('\\', '/'), message }
}
