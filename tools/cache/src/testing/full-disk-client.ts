import { randomBytes } from 'node:crypto'
import { archive, createLocalShield, testSettings } from './local-shield.ts'

/** Asks a shield whose folder is full for large and small artifacts, and says what Nx would have heard. */
const [url = '', folder = ''] = process.argv.slice(2)
const local = await createLocalShield(testSettings({ url }), folder)
const statuses = {
  getLarge: (await local.get('large')).status,
  getSmall: (await local.get('small')).status,
  putLarge: (await local.put('other-large', archive(randomBytes(6 * 1024 * 1024)))).status,
  putSmall: (await local.put('other-small', archive('other'))).status,
}
const { done } = await local.shield.flush({ run: local.run.id, milliseconds: 10_000 })
const { faults, dropped } = local.run.tally()
process.stdout.write(JSON.stringify({ statuses, faults, dropped, uploads: { done }, breaker: local.shield.status().breaker }))
await local.dispose()
