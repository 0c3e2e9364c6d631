import { InterlockError } from '@interlock/kit'

const PUBLIC_GITHUB = 'https://github.com'

const LOOPBACK: readonly string[] = ['localhost', '127.0.0.1', '[::1]']

/**
 * The address that repositories of actions lie below, without a slash at its end: `GITHUB_SERVER_URL`, as GitHub Actions
 * sets it, else the public GitHub.
 *
 * @throws InterlockError `USAGE` for an address that anybody on the way could answer for, or that holds a password, which
 * would be seen in the list of processes.
 */
export function serverOf(env: Readonly<Record<string, string | undefined>>): string {
  const given = env['GITHUB_SERVER_URL']
  if (given === undefined || given === '') return PUBLIC_GITHUB
  const url = URL.canParse(given) ? new URL(given) : undefined
  if (url === undefined || !isProtected(url)) throw refused('is no address that starts with https:// or file://')
  if (url.username !== '' || url.password !== '') throw refused('holds a name or a password')
  if (url.search !== '' || url.hash !== '') throw refused('has something behind its path')
  return url.href.replace(/\/+$/u, '')
}

/** Also without encryption on this machine itself, where nobody stands between. */
function isProtected({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || protocol === 'file:' || (protocol === 'http:' && LOOPBACK.includes(hostname))
}

/** The value is not repeated: it may hold a secret. */
function refused(reason: string): InterlockError {
  return new InterlockError('USAGE', `the variable GITHUB_SERVER_URL ${reason}`, {
    hint: `unset it to ask ${PUBLIC_GITHUB}, and leave credentials to git's credential helpers`,
  })
}
