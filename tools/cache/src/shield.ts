import { type ShieldOrder, runShield } from './io/shield/main.ts'

/** The program of the shield: an order on standard input, one line about where it listens on standard output. */
export async function main(): Promise<void> {
  let text = ''
  process.stdin.setEncoding('utf8')
  for await (const piece of process.stdin as AsyncIterable<string>) text += piece
  process.stdout.on('error', () => undefined)
  await runShield(JSON.parse(text) as ShieldOrder, (handshake) => process.stdout.write(`${JSON.stringify(handshake)}\n`))
}
