import { randomBytes } from 'node:crypto'
import type { Invocation, Outcome } from '@interlock/cli'
import { EXIT, InterlockError } from '@interlock/kit'
import { staticToken, tokenHash, type TokenKind } from '../core/tokens.ts'

const PLACES: Readonly<Record<TokenKind, string>> = { admin: 'admins', read: 'tokens' }

/** `interlock cache token`: a token that nobody has, and its hash. */
export async function runToken({ arguments: [kind = ''], options }: Invocation): Promise<Outcome> {
  if (kind !== 'admin' && kind !== 'read') {
    throw new InterlockError('USAGE', `there is no token of kind ${JSON.stringify(kind)}`, {
      hint: 'interlock cache token read, or interlock cache token admin',
    })
  }
  const { name = kind } = options as { readonly name?: string }
  if (!/^[a-z0-9][a-z0-9_-]{0,63}$/u.test(name)) {
    throw new InterlockError('USAGE', `${JSON.stringify(name)} is no name: a-z, 0-9, _ and -, at most 64 characters`, {
      hint: `interlock cache token ${kind} --name laptops`,
    })
  }
  const token = staticToken(kind, randomBytes(32))
  const hash = tokenHash(token)
  return {
    status: EXIT.done,
    prose: [
      `token: ${token}`,
      '',
      'It is shown this once. In the policy, under the workspace:',
      '',
      `    ${PLACES[kind]}:`,
      `      - { name: ${name}, hash: "${hash}" }`,
    ].join('\n'),
    data: { kind, name, token, hash },
  }
}
