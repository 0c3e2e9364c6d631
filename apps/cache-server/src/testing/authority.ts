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
  /** The same keys and clock, as after a restart, or as a second replica. */
  readonly again: (policy?: Policy) => PolicyAuthority
}

/** An authority with keys of its own and a clock that a test can move; it starts at the time of day. */
export function testAuthority(policy: Policy): TestAuthority {
  let offset = 0
  const audited: AuditEvent[] = []
  const clock = (): number => Date.now() + offset
  const keys = newKeyring()
  const audit = { append: async (event: AuditEvent) => void audited.push(event) }
  const start = (by: Policy): PolicyAuthority => createAuthority({ policy: by, keys, audit, clock })
  return {
    ...start(policy),
    audited,
    keys,
    pass: (milliseconds) => void (offset += milliseconds),
    now: clock,
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
