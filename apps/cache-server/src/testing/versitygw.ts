import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { InterlockError } from '@interlock/kit'
import { REGION, serverOf, type S3Server } from './s3-server.ts'

const OWN = fileURLToPath(new URL('../../../../.tools/services/bin', import.meta.url))
/** The version that the guide names. */
const MODULE = 'github.com/versity/versitygw/cmd/versitygw@v1.8.0'

/** A stricter S3 server than Moto's: it checks the bytes of every body, and writes into a directory. */
export async function startVersitygw(): Promise<S3Server> {
  const program = programOf()
  const folder = await mkdtemp(join(tmpdir(), 'interlock-versitygw-'))
  const port = await freePort()
  const credentials = { accessKeyId: 'cache', secretAccessKey: randomUUID() }
  const child = spawn(program, ['--port', `127.0.0.1:${port}`, '--region', REGION, 'posix', folder], {
    env: { ...process.env, ROOT_ACCESS_KEY: credentials.accessKeyId, ROOT_SECRET_KEY: credentials.secretAccessKey },
    stdio: 'ignore',
  })
  const server = serverOf(`http://127.0.0.1:${port}`, credentials, child)
  await answering(server.endpoint)
  return {
    ...server,
    stop: async () => {
      await server.stop()
      await rm(folder, { force: true, recursive: true })
    },
  }
}

function programOf(): string {
  const folders = [OWN, ...(process.env['PATH'] ?? '').split(delimiter)]
  const program = folders.map((folder) => join(folder, 'versitygw')).find((path) => existsSync(path))
  if (program !== undefined) return program
  throw new InterlockError('TOOL_MISSING', 'versitygw is neither in .tools/services/bin nor on PATH', {
    hint: `install Go, then: GOBIN="$PWD/.tools/services/bin" go install ${MODULE}`,
  })
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

async function answering(endpoint: string): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const answer = await fetch(endpoint).catch(() => undefined)
    if (answer !== undefined) return
    await delay(50)
  }
  throw new Error('versitygw does not answer')
}
