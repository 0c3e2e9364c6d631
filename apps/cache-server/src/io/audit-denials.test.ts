import { expect, it } from 'vitest'
import type { AuditEvent } from '../core/access.ts'
import { boundDenials } from './audit-denials.ts'

const denial = (scope: string): AuditEvent => ({ kind: 'deny', workspace: 'acme', detail: { reason: 'unsafe-artifact', scope } })

it('writes sixty denials of a kind in a minute, counts the rest, and says how many in the next', async () => {
  let time = 1_700_000_000_000
  const written: AuditEvent[] = []
  const audit = boundDenials({ append: async (event) => void written.push(event), close: async () => undefined }, () => time)
  for (let index = 0; index < 1000; index += 1) await audit.append(denial('pr/1'))
  expect(written).toEqual(Array.from({ length: 60 }, () => denial('pr/1')))
  await audit.append(denial('pr/2'))
  expect(written.at(-1)).toEqual(denial('pr/2'))
  for (const kind of ['exchange', 'put', 'purge'] as const) {
    for (let index = 0; index < 100; index += 1) await audit.append({ kind, detail: {} })
    expect(written.filter((event) => event.kind === kind)).toHaveLength(100)
  }
  time += 60_000
  await audit.append(denial('pr/2'))
  await audit.append(denial('pr/1'))
  await audit.append(denial('pr/1'))
  expect(written.slice(-3).map(({ detail }) => detail['unwritten'])).toEqual([undefined, 940, undefined])
})
