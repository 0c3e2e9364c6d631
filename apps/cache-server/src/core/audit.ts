import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { AuditEvent } from './access.ts'
import { withoutTokens } from './tokens.ts'

/** How long a line is kept. Each class has files and a chain of its own, so that one can go without the others. */
export type RetentionClass = '1-year' | '90-days' | 'permanent'

export const RETENTION_CLASSES: readonly RetentionClass[] = ['1-year', '90-days', 'permanent']

/** What the audit writes about itself, besides the events that it is given. */
export type AuditKind = AuditEvent['kind'] | 'anchor' | 'checkpoint' | 'cut'

const RETENTION: Readonly<Record<AuditKind, RetentionClass>> = {
  anchor: 'permanent',
  checkpoint: 'permanent',
  cut: 'permanent',
  deny: '1-year',
  divergence: 'permanent',
  exchange: '90-days',
  'policy-change': 'permanent',
  purge: 'permanent',
  put: '90-days',
  quarantine: 'permanent',
  start: '1-year',
}

export function retentionOf(kind: AuditKind): RetentionClass {
  return RETENTION[kind]
}

/** The end of a chain: the number and the digest of its last line. */
export interface Head {
  readonly seq: number
  readonly digest: string
}

/** What a chain begins after. */
export const GENESIS: Head = { seq: 0, digest: '0'.repeat(64) }

/** One line of the audit. */
export interface AuditLine {
  readonly seq: number
  /** ISO 8601, in UTC. */
  readonly time: string
  readonly kind: AuditKind
  readonly workspace?: string
  readonly detail: AuditEvent['detail']
  /** Digest of the line before. */
  readonly previous: string
  /** Hex SHA-256 of the line without this. */
  readonly digest: string
}

/** An event as it is to be written: the audit's own kinds too. */
export interface Written extends Pick<AuditEvent, 'detail' | 'workspace'> {
  readonly kind: AuditKind
}

/** The text of the line that follows a head, without a line break, and the head that it makes. */
export function lineAfter(head: Head, time: string, event: Written): { readonly text: string; readonly head: Head } {
  const seq = head.seq + 1
  const { kind, workspace, detail } = event
  const where = workspace === undefined ? {} : { workspace: bounded(workspace) }
  const body = JSON.stringify({ seq, time, kind, ...where, detail: cleanDetail(detail), previous: head.digest })
  const digest = digestOf(body)
  return { text: `${body.slice(0, -1)},"digest":"${digest}"}`, head: { seq, digest } }
}

/** Reads one line; the reason why it is none otherwise. Only the line itself is looked at, not its place in the chain. */
export function readLine(text: string): AuditLine | { readonly broken: string } {
  const found = /,"digest":"(?<digest>[0-9a-f]{64})"\}$/u.exec(text)
  if (found === null) return { broken: 'is no line of an audit' }
  if (digestOf(`${text.slice(0, found.index)}}`) !== found.groups?.['digest'])
    return { broken: 'was changed: its digest is another' }
  const line = lineSchema.safeParse(parsed(text))
  return line.success ? (line.data as AuditLine) : { broken: 'is no line of an audit' }
}

const hex = z.string().regex(/^[0-9a-f]{64}$/u)
const value = z.union([z.string(), z.number(), z.boolean(), z.array(z.string())])
/** Whoever makes a line of another shape can make its digest too. */
const lineSchema = z.strictObject({
  seq: z.int().min(1),
  time: z.string(),
  kind: z.string(),
  workspace: z.string().optional(),
  detail: z.record(z.string(), value),
  previous: hex,
  digest: hex,
})

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** `audit-90-days-2026-11.jsonl` */
export function auditFile(retention: RetentionClass, month: string): string {
  return `audit-${retention}-${month}.jsonl`
}

/** The class and the month (`2026-11`) of a file; `undefined` for a file of somebody else. */
export function auditFileOf(name: string): { readonly retention: RetentionClass; readonly month: string } | undefined {
  const { retention, month } =
    /^audit-(?<retention>1-year|90-days|permanent)-(?<month>\d{4}-\d{2})\.jsonl$/u.exec(name)?.groups ?? {}
  return retention === undefined || month === undefined ? undefined : { retention: retention as RetentionClass, month }
}

const DAYS: Readonly<Record<RetentionClass, number>> = { '1-year': 365, '90-days': 90, permanent: Number.POSITIVE_INFINITY }
const DAY = 86_400_000

/** Whether every line of a month is older than its class keeps it. `monthEnd` and `now` in milliseconds. */
export function isOver(retention: RetentionClass, monthEnd: number, now: number): boolean {
  return now - monthEnd > DAYS[retention] * DAY
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

const LONGEST_TEXT = 1024
const LONGEST_LIST = 256

/** Without what looks like a token, and of a length that a line can have. */
function cleanDetail(detail: AuditEvent['detail']): AuditEvent['detail'] {
  const cleaned = Object.entries(detail).map(([key, value]) => {
    if (typeof value === 'string') return [key, bounded(value)]
    if (typeof value !== 'object') return [key, value]
    const items = value.slice(0, LONGEST_LIST).map(bounded)
    return [key, value.length > LONGEST_LIST ? [...items, `… ${value.length - LONGEST_LIST} more`] : items]
  })
  return Object.fromEntries(cleaned) as AuditEvent['detail']
}

function bounded(text: string): string {
  const clean = withoutTokens(text)
  return clean.length > LONGEST_TEXT ? `${clean.slice(0, LONGEST_TEXT)}…` : clean
}
