import { resolve } from 'node:path'
import type { Invocation, Outcome } from '@interlock/cli'
import { EXIT } from '@interlock/kit'
import { readKeyring, rotateKeyring } from '../io/keyring.ts'

/** `interlock cache key`: the public half of a key file; with `--rotate`, after a new key came to it. */
export async function runKey({ root, arguments: [file = ''], options }: Invocation): Promise<Outcome> {
  const path = resolve(root, file)
  const keys = options['rotate'] === true ? rotateKeyring(path, Date.now) : readKeyring(path)
  const shown = keys.map(({ id, created, publicKey, publicText }, index) => ({
    id,
    created: new Date(created).toISOString(),
    signs: index === 0,
    public: publicText,
    pem: publicKey.export({ format: 'pem', type: 'spki' }).toString(),
  }))
  const prose = shown
    .map(({ id, created, signs, public: text, pem }) => {
      const head = `${id}, made ${created}, ${signs ? 'signs and verifies' : 'verifies'}`
      return `${head}\n${options['pem'] === true ? pem.trimEnd() : text}`
    })
    .join('\n\n')
  return { status: EXIT.done, prose, data: { file, keys: shown } }
}
