const MOST_BYTES = 256 * 1024
const MOST_TIME = 5_000

/** A JSON document of at most 256 KiB within five seconds, from exactly this address. */
export async function fetchJson(url: string): Promise<unknown> {
  const signal = AbortSignal.timeout(MOST_TIME)
  const response = await fetch(url, { headers: { accept: 'application/json' }, redirect: 'error', signal })
  if (!response.ok || response.body === null) throw new Error(`${url} answers with status ${response.status}`)
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    size += chunk.length
    if (size > MOST_BYTES) throw new Error(`${url} sends more than ${MOST_BYTES} bytes`)
    chunks.push(chunk)
  }
  return JSON.parse(Buffer.concat(chunks).toString('utf8'))
}
