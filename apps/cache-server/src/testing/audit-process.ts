/** A process that writes an audit until it is killed: `audit-process.ts <folder>`. It says the number of each line that is in its file. */
import { writeSync } from 'node:fs'
import { openAudit } from '../io/audit.ts'

const [folder = ''] = process.argv.slice(2)
const audit = await openAudit({ folder, clock: Date.now })
writeSync(1, 'open\n')
for (let count = 1; ; count += 8) {
  const lines = Array.from({ length: 8 }, (_, index) => count + index)
  await Promise.all(
    lines.map(async (number) => {
      await audit.append({ kind: 'put', workspace: 'acme', detail: { number, text: 'x'.repeat(number % 900) } })
      writeSync(1, `${number}\n`)
    }),
  )
}
