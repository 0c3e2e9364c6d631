/** One thing that `cache doctor` looked at. */
export interface Finding {
  readonly check: 'address' | 'clock' | 'credential' | 'read' | 'round trip' | 'runs' | 'signature' | 'write'
  readonly verdict: 'bad' | 'good' | 'note' | 'not checked'
  readonly text: string
  /** What to do about it. */
  readonly remedy?: string
}

/** What all findings come to: `healthy` says more than that nothing bad was found. */
export function conclusionOf(findings: readonly Finding[]): { readonly healthy: boolean; readonly text: string } {
  const bad = findings.filter(({ verdict }) => verdict === 'bad').length
  if (bad > 0) return { healthy: false, text: `${bad} of ${findings.length} checks ${bad === 1 ? 'is' : 'are'} bad` }
  const isGood = (wanted: Finding['check']): boolean =>
    findings.some(({ check, verdict }) => check === wanted && verdict === 'good')
  if (isGood('write')) return { healthy: true, text: 'this machine can use the cache' }
  if (isGood('address')) return { healthy: true, text: 'this machine can read from the cache' }
  // Any server of pages says of what it does not know that it is not there.
  return {
    healthy: false,
    text: 'nothing shows that this is a cache: it reports no status, and nothing was written and read back',
  }
}

/** Beyond this, tokens are refused although they are good. */
const SKEW_SECONDS = 60

/** What the cache's own clock says about that of this machine; both in milliseconds, `NaN` where an answer has no date. */
export function clockFinding(theirs: number, now: number): Finding {
  if (Number.isNaN(theirs)) return { check: 'clock', verdict: 'not checked', text: 'the answer has no date' }
  const seconds = Math.round((now - theirs) / 1000)
  const ahead = seconds >= 0 ? 'ahead of' : 'behind'
  if (Math.abs(seconds) <= SKEW_SECONDS)
    return { check: 'clock', verdict: 'good', text: `${Math.abs(seconds)} s ${ahead} that of the cache` }
  return {
    check: 'clock',
    verdict: 'bad',
    text: `${Math.abs(seconds)} s ${ahead} that of the cache: tokens are refused beyond ${SKEW_SECONDS} s`,
    remedy: 'set the clock of this machine, or of the server',
  }
}

/** What to do about a fault on the way to the cache. */
export function remedyOf(kind: string): string {
  return REMEDIES[kind] ?? 'look at the log of the server'
}

const REMEDIES: Readonly<Record<string, string>> = {
  'connection refused': 'is the server running, and is this its port?',
  'connection timed out': 'a firewall, or a proxy that this machine needs: HTTPS_PROXY, NO_PROXY',
  'connection reset': 'does something else listen on this port, or is it https?',
  'host unknown': 'is the name right, and does this machine resolve it?',
  'TLS failed':
    'name the certificate of your authority in NODE_EXTRA_CA_CERTS, and look at the date of the certificate of the server',
  'no TLS': 'what listens there speaks plain http: put http:// before the address, or use the port that speaks https',
  'no answer in time': 'the server takes more than 5 s: is it overloaded, or the store behind it?',
  'proxy failed': 'the proxy refuses the way: HTTPS_PROXY names it, NO_PROXY goes without it',
  'unexpected answer': 'is this the address of a cache, and not of a page or a proxy?',
  'server error': 'look at the log of the server',
  overloaded: 'the server asks to be left alone for now',
  'token exchange failed': 'the cache does not exchange tokens: is a policy configured?',
}

/** One line for each finding, and what to do below those that are bad. */
export function findingLines(findings: readonly Finding[]): string[] {
  return findings.flatMap(({ check, verdict, text, remedy }) => [
    `${verdict.padEnd(11)}  ${check.padEnd(10)}  ${text}`,
    ...(remedy === undefined ? [] : [`${' '.repeat(25)}${remedy}`]),
  ])
}
