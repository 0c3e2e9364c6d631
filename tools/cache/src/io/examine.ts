import { createHash, randomBytes } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import { gzipSync } from 'node:zlib'
import { clockFinding, type Finding, remedyOf } from '../core/doctor.ts'
import { type Fault, faultOf, NO_CACHE, noCacheText, reasonOf } from '../core/fault.ts'
import { artifactUrl, type ShieldSettings, unusableText } from '../core/settings.ts'
import { CODE_OF_SUCCESS, tarArchive } from '../core/tar.ts'
import { HEADERS, PATHS } from '../wire.ts'
import { createAgents, type Agents } from './agents.ts'
import { createReader, type Way } from './artifacts.ts'
import { ask, type Answer } from './exchange.ts'
import { createGatekeeper } from './gatekeeper.ts'
import { createSession } from './session.ts'

/** What an examination came to; `reached` is false where nobody answered. */
export interface Examination {
  readonly reached: boolean
  readonly findings: readonly Finding[]
}

const ROUNDS = 9
const PATH_REMEDY = 'is the path of the address right?'

/** Looks at everything that a run needs of the cache. `mayWrite` allows one small artifact under a name of its own. */
export async function examine(settings: ShieldSettings, mayWrite: boolean): Promise<Examination> {
  const agents = createAgents(settings.proxy)
  try {
    const first = await ask(agents, `${settings.url}${PATHS.status}`, { method: 'GET', headers: {} }).catch(faultOf)
    if ('kind' in first) return { reached: false, findings: [unreachable(settings, first)] }
    const findings = [reachable(settings, first), clockFinding(Date.parse(first.headers.date ?? ''), Date.now())]
    const now = (): number => performance.now()
    const way: Way = {
      settings,
      agents,
      session: createSession(settings, agents, now),
      folder: undefined,
      gate: createGatekeeper(now),
    }
    const access = await way.session.access()
    const credential = await credentialFinding(way)
    findings.push(credential)
    if (access.kind !== 'open') return { reached: true, findings }
    const { authorization } = access
    findings.push(...(await readAndWrite({ way, authorization, mayWrite })), await roundTrip(agents, settings))
    return { reached: true, findings }
  } finally {
    agents.close()
  }
}

function unreachable({ url }: ShieldSettings, fault: Fault): Finding {
  return { check: 'address', verdict: 'bad', text: `${url}: ${fault.message}`, remedy: remedyOf(fault.kind) }
}

function reachable({ url }: ShieldSettings, { status, text: body }: Answer): Finding {
  const isCache = status === 200 && isReport(body)
  const isPlain = url.startsWith('http:') && !/^http:\/\/(?:127\.0\.0\.1|localhost|\[::1\])(?::|\/|$)/u.test(url)
  const what = status === 200 ? 'something else than a report' : `status ${status}`
  const text = isCache ? `${url} answers` : `${url} answers, with ${what} to ${PATHS.status}: a cache of another make?`
  if (!isPlain) return { check: 'address', verdict: isCache ? 'good' : 'note', text }
  return {
    check: 'address',
    verdict: 'bad',
    text: `${text}, without TLS: tokens can be read on the way`,
    remedy: 'put https before it',
  }
}

function isReport(text: string): boolean {
  try {
    return typeof (JSON.parse(text) as { readonly version?: unknown } | null)?.version === 'string'
  } catch {
    return false
  }
}

async function credentialFinding({ session, settings }: Way): Promise<Finding> {
  const access = await session.access()
  const { granted } = session.state()
  if (access.kind === 'fault')
    return { check: 'credential', verdict: 'bad', text: access.fault.message, remedy: remedyOf(access.fault.kind) }
  if (settings.credential.kind === 'unusable') {
    const remedy = `set ${settings.credential.variable} anew, as one line`
    return { check: 'credential', verdict: 'bad', text: unusableText(settings.credential.variable), remedy }
  }
  if (access.kind === 'denied' && access.reason.startsWith(NO_CACHE))
    return { check: 'credential', verdict: 'bad', text: access.reason, remedy: PATH_REMEDY }
  if (access.kind === 'denied') {
    const remedy = '"interlock cache explain" says which rule of the policy matches which claims'
    return { check: 'credential', verdict: 'bad', text: `the cache refuses the identity of this job: ${access.reason}`, remedy }
  }
  if (granted !== undefined) {
    const text = `rule ${granted.rule} of ${granted.workspace}: reads ${granted.read.join(', ') || 'nothing'}, writes ${granted.write ?? 'nothing'}`
    return { check: 'credential', verdict: 'good', text }
  }
  if (settings.credential.kind === 'none') {
    const remedy = 'INTERLOCK_CACHE_TOKEN for a laptop; `id-token: write` or `id_tokens` for CI'
    return { check: 'credential', verdict: 'note', text: 'there is no token: only what everybody may read', remedy }
  }
  return { check: 'credential', verdict: 'good', text: 'a token, sent as it is' }
}

interface Probe {
  readonly way: Way
  readonly authorization: string | undefined
  readonly mayWrite: boolean
}

async function readAndWrite(probe: Probe): Promise<Finding[]> {
  const hash = `interlock-doctor-${randomBytes(8).toString('hex')}`
  const found = await createReader(probe.way)(hash)
  if (found.kind === 'fault')
    return [{ check: 'read', verdict: 'bad', text: found.fault.message, remedy: remedyOf(found.fault.kind) }]
  if (found.kind !== 'miss') {
    const reason = found.kind === 'denied' ? found.reason : 'the answer makes no sense'
    return [{ check: 'read', verdict: 'bad', text: reason, remedy: 'a token of this cache, for this workspace' }]
  }
  const read: Finding = { check: 'read', verdict: 'good', text: 'what is not there is not found' }
  if (!probe.mayWrite) return [read, { check: 'write', verdict: 'not checked', text: 'nothing was to be written' }]
  if (!probe.way.settings.uploads) return [read, { check: 'write', verdict: 'note', text: 'uploads are off in interlock.yaml' }]
  return [read, ...(await write(probe, hash))]
}

async function write({ way, authorization }: Probe, hash: string): Promise<Finding[]> {
  const bytes = gzipSync(tarArchive({ code: CODE_OF_SUCCESS }))
  try {
    const { status, headers } = await ask(way.agents, artifactUrl(way.settings, hash), {
      method: 'PUT',
      headers: {
        'content-type': 'application/octet-stream',
        'content-length': bytes.length,
        [HEADERS.digest]: createHash('sha256').update(bytes).digest('hex'),
        [HEADERS.strict]: '1',
        ...(authorization === undefined ? {} : { authorization }),
      },
      body: () => bytes,
    })
    const reason = reasonOf(headers) ?? `status ${status}`
    if (status === 403 && (reasonOf(headers) ?? 'forbidden') === 'forbidden')
      return [{ check: 'write', verdict: 'note', text: `this token reads only (${reason}): right for a laptop` }]
    if (status === 404 && reasonOf(headers) === undefined)
      return [{ check: 'write', verdict: 'bad', text: noCacheText(status, 'an upload'), remedy: PATH_REMEDY }]
    if (status !== 200) return [{ check: 'write', verdict: 'bad', text: reason, remedy: remedyOf('server error') }]
    return readBack(way, hash, bytes.length)
  } catch (error) {
    const fault = faultOf(error)
    return [{ check: 'write', verdict: 'bad', text: fault.message, remedy: remedyOf(fault.kind) }]
  }
}

async function readBack(way: Way, hash: string, size: number): Promise<Finding[]> {
  const found = await createReader(way)(hash)
  const keys = way.settings.publicKeys.length
  if (found.kind === 'hit') {
    const signed: Finding =
      keys === 0
        ? { check: 'signature', verdict: 'note', text: 'interlock.yaml names no key, so nobody looks at signatures' }
        : { check: 'signature', verdict: 'good', text: `what comes back is signed with one of ${keys} keys` }
    return [{ check: 'write', verdict: 'good', text: `${size} bytes went there and came back` }, signed]
  }
  const why = found.kind === 'fault' ? found.fault.message : 'it was not found again'
  const check = found.kind === 'fault' && /signature/u.test(found.fault.kind) ? 'signature' : 'write'
  const remedy =
    check === 'signature'
      ? '"interlock cache key" prints the keys of the server: compare them with publicKeys'
      : remedyOf('server error')
  return [{ check, verdict: 'bad', text: `what was written did not come back: ${why}`, remedy }]
}

async function roundTrip(agents: Agents, { url }: ShieldSettings): Promise<Finding> {
  const times: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const begun = performance.now()
    const answer = await ask(agents, `${url}${PATHS.status}`, { method: 'GET', headers: {} }).catch(faultOf)
    if ('kind' in answer) return { check: 'round trip', verdict: 'bad', text: answer.message, remedy: remedyOf(answer.kind) }
    times.push(performance.now() - begun)
  }
  const median = times.sort((a, b) => a - b)[ROUNDS >> 1] ?? 0
  return { check: 'round trip', verdict: median > 200 ? 'note' : 'good', text: `${median.toFixed(1)} ms` }
}
