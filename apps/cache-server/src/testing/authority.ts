import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AuditEvent } from '../core/access.ts'
import type { Policy } from '../core/policy/schema.ts'
import { createAuthority, type PolicyAuthority } from '../io/authority.ts'
import { type Keyring, openKeyring } from '../io/keyring.ts'

export interface TestAuthority extends PolicyAuthority {
  readonly audited: readonly AuditEvent[]
  readonly keys: Keyring
  /** Moves its clock. */
  readonly pass: (milliseconds: number) => void
  readonly now: () => number
  /** The same in seconds, as tokens have it. */
  readonly seconds: () => number
  /** The same keys and clock, as after a restart, or as a second replica. */
  readonly again: (policy?: Policy) => PolicyAuthority
}

/** An authority with keys of its own and a clock that stands still at the time of day until a test moves it. */
export function testAuthority(policy: Policy): TestAuthority {
  let time = Date.now()
  const audited: AuditEvent[] = []
  const clock = (): number => time
  const keys = newKeyring()
  const audit = { append: async (event: AuditEvent) => void audited.push(event) }
  const start = (by: Policy): PolicyAuthority => createAuthority({ policy: by, keys, audit, clock })
  return {
    ...start(policy),
    audited,
    keys,
    pass: (milliseconds) => void (time += milliseconds),
    now: clock,
    seconds: () => Math.floor(time / 1000),
    again: (by = policy) => start(by),
  }
}

/** A ring of one key that is in no file any more. */
export function newKeyring(): Keyring {
  const folder = mkdtempSync(join(tmpdir(), 'interlock-keys-'))
  try {
    return openKeyring(join(folder, 'keys.json'), Date.now)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
