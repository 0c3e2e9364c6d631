import { z } from 'zod'
import type { Entry } from '../entry.ts'

const text = z.string().min(1).max(300)
const time = z.union([
  z.int().nonnegative(),
  z.iso
    .datetime({ offset: true })
    .pipe(z.coerce.date())
    .transform((date) => date.getTime()),
])

const criteria = {
  scope: text.optional().describe('a scope, or all of a class: "pr/*"'),
  run: text.optional().describe('id of the run or pipeline that wrote it'),
  commit: text.optional().describe('commit that the writer was at'),
  actor: text.optional().describe('numeric id of who started the run'),
  digest: z
    .string()
    .regex(/^[0-9a-f]{64}$/u, 'a digest is 64 hex digits')
    .optional()
    .describe('hex SHA-256 of the bytes'),
  hash: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,128}$/u, 'this is no hash')
    .optional()
    .describe('hash of the task'),
  tool: z.enum(['nx', 'sccache', 'turbo']).optional(),
  from: time.optional().describe('written at this time or later: milliseconds since the epoch, or ISO 8601'),
  to: time.optional().describe('written before this time'),
}

const shared = {
  ...criteria,
  everything: z.literal(true).optional().describe('has to stand for a selection that has no criterion'),
  dryRun: z.boolean().default(true).describe('say what would be done, and do nothing'),
}

/** Body of `POST /v1/admin/purge`. */
export const purgeRequest: z.ZodType<PurgeRequest> = z.strictObject({
  ...shared,
  block: z.boolean().default(false).describe('refuse these bytes for good, under any name'),
})

/** Body of `POST /v1/admin/quarantine`. */
export const quarantineRequest: z.ZodType<QuarantineRequest> = z.strictObject({
  ...shared,
  release: z.boolean().default(false).describe('make quarantined entries readable again'),
})

export interface Selection {
  readonly scope?: string | undefined
  readonly run?: string | undefined
  readonly commit?: string | undefined
  readonly actor?: string | undefined
  readonly digest?: string | undefined
  readonly hash?: string | undefined
  readonly tool?: Entry['tool'] | undefined
  /** Milliseconds since the epoch. */
  readonly from?: number | undefined
  readonly to?: number | undefined
  readonly everything?: true | undefined
  readonly dryRun: boolean
}

export interface PurgeRequest extends Selection {
  readonly block: boolean
}

export interface QuarantineRequest extends Selection {
  readonly release: boolean
}

/** Whether a selection says what it is about: nothing is taken away because a criterion was forgotten. */
export function isSpecific(selection: Selection): boolean {
  const named = Object.keys(criteria).some((name) => selection[name as keyof typeof criteria] !== undefined)
  return named !== (selection.everything === true)
}

/** Which entries of one workspace a selection is about: all of its criteria hold. */
export function selects(selection: Selection, workspace: string): (entry: Entry) => boolean {
  const { from = 0, to = Infinity } = selection
  const same = (wanted: string | undefined, actual: string | undefined): boolean => wanted === undefined || wanted === actual
  return (entry) =>
    entry.workspace === workspace &&
    inScope(selection.scope, entry.scope) &&
    same(selection.run, entry.writer.run) &&
    same(selection.commit, entry.writer.commit) &&
    same(selection.actor, entry.writer.actor) &&
    same(selection.digest, entry.digest) &&
    same(selection.hash, entry.hash) &&
    same(selection.tool, entry.tool) &&
    entry.created >= from &&
    entry.created < to
}

function inScope(wanted: string | undefined, scope: string): boolean {
  if (wanted === undefined) return true
  return wanted.endsWith('/*') ? scope.startsWith(wanted.slice(0, -1)) : scope === wanted
}
