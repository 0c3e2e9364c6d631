import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Grant } from './access.ts'
import type { Workspace } from './policy/schema.ts'

/** Issuer and audience of session tokens: no token of anybody else has them. */
export const SESSION_ISSUER = 'interlock-cache'

/** The claims of a session token: a grant, and the policy that it was granted by. */
export interface SessionClaims {
  readonly ws: string
  readonly read: readonly string[]
  readonly write?: string
  readonly rule: string
  readonly run?: string
  readonly job?: string
  readonly actor?: string
  readonly commit?: string
  /** The issuer of the token that was exchanged. */
  readonly from: string
  /** `workspaceMark` of the workspace. */
  readonly policy: string
}

const claimsSchema = z.object({
  ws: z.string(),
  read: z.array(z.string()),
  write: z.string().optional(),
  rule: z.string(),
  run: z.string().optional(),
  job: z.string().optional(),
  actor: z.string().optional(),
  commit: z.string().optional(),
  from: z.string(),
  policy: z.string(),
})

export function sessionClaims({ workspace, read, write, rule, writer }: Grant, policy: string): SessionClaims {
  const { issuer, ...ids } = writer
  return { ws: workspace, read, ...(write === undefined ? {} : { write }), rule, ...ids, from: issuer, policy }
}

/** What a verified session token grants, and by which policy; `undefined` for claims that this server never wrote. */
export function sessionGrant(payload: unknown): { readonly grant: Grant; readonly policy: string } | undefined {
  const parsed = claimsSchema.safeParse(payload)
  if (!parsed.success) return undefined
  const { ws, read, write, rule, from, policy, run, job, actor, commit } = parsed.data
  const ids = Object.entries({ run, job, actor, commit }).filter(([, value]) => value !== undefined)
  const writer = { issuer: from, ...Object.fromEntries(ids) }
  return { grant: { workspace: ws, read, ...(write === undefined ? {} : { write }), rule, writer, admin: false }, policy }
}

/** Differs as soon as anything of the workspace's policy does: what an older policy granted is then granted no longer. */
export function workspaceMark(workspace: Workspace): string {
  return createHash('sha256').update(JSON.stringify(workspace)).digest('base64url').slice(0, 22)
}
