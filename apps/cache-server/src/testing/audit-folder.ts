import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'
import type { AuditEvent } from '../core/access.ts'
import { type AuditFolder, openAudit } from '../io/audit.ts'

/** The audit of the test that runs, and what lies in its folder. */
export interface TestAudit {
  folder: string
  /** What the clock says. */
  time: number
  readonly open: (folder?: string) => Promise<AuditFolder>
  readonly files: () => readonly string[]
  readonly lines: (name: string) => readonly string[]
  readonly rewrite: (name: string, change: (all: string[]) => string[]) => void
  /** Writes lines of every class. */
  readonly write: () => Promise<void>
}

/** A new folder for each test of a file. */
export function useAudit(): TestAudit {
  const lines = (name: string): readonly string[] => readFileSync(join(here.folder, name), 'utf8').trimEnd().split('\n')
  const here: TestAudit = {
    folder: '',
    time: 0,
    lines,
    open: async (folder = here.folder) => openAudit({ folder, clock: () => here.time }),
    files: () => readdirSync(here.folder).filter((name) => name.endsWith('.jsonl')),
    rewrite: (name, change) => {
      const changed = change([...lines(name)])
      writeFileSync(join(here.folder, name), changed.map((line) => `${line}\n`).join(''))
    },
    write: async () => {
      const audit = await here.open()
      for (let number = 1; number <= 5; number += 1) await audit.append(put(number))
      for (const kind of ['deny', 'start', 'purge', 'quarantine', 'divergence', 'exchange'] as const)
        await audit.append({ kind, detail: { what: kind } })
      await audit.close()
    },
  }
  beforeEach(() => {
    here.folder = mkdtempSync(join(tmpdir(), 'interlock-audit-'))
    here.time = Date.UTC(2026, 0, 15)
  })
  afterEach(() => rmSync(here.folder, { recursive: true }))
  return here
}

export function put(number: number): AuditEvent {
  return { kind: 'put', workspace: 'acme', detail: { number, scope: 'trusted/main' } }
}
