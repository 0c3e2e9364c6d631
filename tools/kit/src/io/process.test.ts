import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runProcess } from './process.ts'
import { runOk } from './run-ok.ts'

const script = (source: string): readonly string[] => [process.execPath, '-e', source]
const shell = (source: string): readonly string[] => ['sh', '-c', source]
let directory: string

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'kit-process-'))
})
afterAll(() => {
  rmSync(directory, { recursive: true, force: true })
})

describe('how a process ended', () => {
  test('an exit status is a result, and both outputs are there', async () => {
    const result = await runProcess(shell('echo out; echo err >&2; exit 3'))
    expect(result).toMatchObject({
      kind: 'exited',
      status: 3,
      stdout: 'out\n',
      stderr: 'err\n',
      cutBytes: { stdout: 0, stderr: 0 },
    })
  })

  test('a program that does not exist is missing, never a status', async () => {
    expect(await runProcess(['no-such-program'])).toEqual({
      kind: 'missing',
      program: 'no-such-program',
      reason: 'no such program, here or on PATH',
    })
  })

  test('a file that is not executable is missing too', async () => {
    expect(await runProcess(['/etc/passwd'])).toMatchObject({ kind: 'missing', reason: 'the file is not executable' })
  })

  test('a signal from somebody else is not a status', async () => {
    expect(await runProcess(shell('kill -9 $$'))).toMatchObject({ kind: 'signalled', signal: 'SIGKILL', by: 'other' })
  })

  test('a directory that does not exist is an error that names it', async () => {
    await expect(runProcess(['true'], { cwd: '/no/such/place' })).rejects.toThrow(
      'FILE_UNREADABLE: /no/such/place: cannot run true',
    )
  })

  test('an empty command is a defect of the caller', async () => {
    await expect(runProcess([])).rejects.toThrow(TypeError)
  })
})

describe('what a process gets', () => {
  test('arguments arrive as they are: there is no shell', async () => {
    const words = ['$(id)', "it's", 'a b', '*', '-x', '']
    const result = await runProcess([...script('console.log(JSON.stringify(process.argv.slice(1)))'), '--', ...words])
    expect(result).toMatchObject({ stdout: `${JSON.stringify(words)}\n` })
  })

  test('variables are added to the environment, and undefined leaves one out', async () => {
    process.env['KIT_KEPT'] = 'kept'
    process.env['KIT_DROPPED'] = 'dropped'
    const result = await runProcess(shell('echo "$KIT_KEPT-$KIT_ADDED-$KIT_DROPPED"'), {
      env: { KIT_ADDED: 'added', KIT_DROPPED: undefined },
    })
    expect(result).toMatchObject({ stdout: 'kept-added-\n' })
  })

  test('standard input is closed unless it is given', async () => {
    expect(await runProcess(['cat'])).toMatchObject({ status: 0, stdout: '' })
    expect(await runProcess(['cat'], { input: 'text' })).toMatchObject({ stdout: 'text' })
  })

  test('a program that does not read its input is not a failure', async () => {
    expect(await runProcess(['true'], { input: 'x'.repeat(1_000_000) })).toMatchObject({ kind: 'exited', status: 0 })
  })
})

describe('what is kept and shown', () => {
  test('output is bounded and says how much was cut', async () => {
    const result = await runProcess(['seq', '100000'], { maxOutputBytes: 40 })
    expect(result).toMatchObject({ cutBytes: { stdout: 588_855 } })
    expect(result).toHaveProperty('stdout', expect.stringMatching(/^1\n2\n[^]*\[… 588855 bytes cut …\]\n[^]*100000\n$/))
  })

  test('secrets are replaced even when they arrive in two pieces', async () => {
    const shown: string[] = []
    const source = `process.stdout.write('a sec'); setTimeout(() => process.stdout.write('ret b\\n'), 50)`
    const result = await runProcess(script(source), {
      redact: ['secret'],
      stream: { prefix: 'x| ', write: (text) => shown.push(text) },
    })
    expect(result).toMatchObject({ stdout: 'a *** b\n' })
    expect(shown.join('')).toBe('x| a *** b\n')
  })

  test('a character that arrives in two pieces is one character', async () => {
    const source = `process.stdout.write(Buffer.from([0xc3])); setTimeout(() => process.stdout.write(Buffer.from([0xa9])), 50)`
    expect(await runProcess(script(source))).toMatchObject({ stdout: 'é' })
  })
})

describe('how a process is ended', () => {
  const tree = (file: string): readonly string[] => shell(`sh -c 'trap "" TERM; sleep 1.5; echo alive > ${file}' & sleep 30`)

  test('a time-out ends the whole group, also what ignores the first signal', async () => {
    const file = join(directory, 'timeout')
    const result = await runProcess(tree(file), { timeoutMs: 200, graceMs: 300 })
    expect(result).toMatchObject({ kind: 'timed-out', timeoutMs: 200 })
    await sleep(1600)
    expect(existsSync(file)).toBe(false)
  })

  test('an abort ends the whole group', async () => {
    const file = join(directory, 'abort')
    const controller = new AbortController()
    const running = runProcess(tree(file), { signal: controller.signal, graceMs: 300 })
    await sleep(200)
    controller.abort()
    expect(await running).toMatchObject({ kind: 'signalled', signal: 'SIGTERM', by: 'abort' })
    await sleep(1600)
    expect(existsSync(file)).toBe(false)
  })

  test('a signal that is aborted already starts nothing', async () => {
    const file = join(directory, 'never')
    expect(await runProcess(['touch', file], { signal: AbortSignal.abort() })).toMatchObject({ kind: 'signalled', by: 'abort' })
    expect(existsSync(file)).toBe(false)
  })

  test('a grandchild that left the group cannot hold the result back', async () => {
    const ended = join(directory, 'ended')
    const command = `(setsid sh -c 'sleep 9; touch ${ended}') & echo started; sleep 30`
    const result = await runProcess(shell(command), { timeoutMs: 200, graceMs: 200 })
    expect(result).toMatchObject({ kind: 'timed-out', stdout: 'started\n' })
    expect(existsSync(ended)).toBe(false)
  })

  test('when this process is interrupted its children end and it dies by the same signal', async () => {
    const [ready, survived, pidFile] = ['ready', 'survived', 'pid'].map((name) => join(directory, name)) as [
      string,
      string,
      string,
    ]
    const child = `touch ${ready}; sleep 1.5; touch ${survived}`
    const module = JSON.stringify(new URL('./process.ts', import.meta.url).href)
    const register = import.meta.resolve('@swc-node/register/esm-register')
    const source = `require('node:fs').writeFileSync(${JSON.stringify(pidFile)}, String(process.pid)); import(${module}).then(({ runProcess }) => runProcess(['sh', '-c', ${JSON.stringify(child)}], { graceMs: 300 }))`
    const parent = runProcess([process.execPath, '--import', register, '-e', source])
    while (!existsSync(ready)) await sleep(25)
    process.kill(Number(readFileSync(pidFile, 'utf8')), 'SIGINT')
    expect(await parent).toMatchObject({ kind: 'signalled', signal: 'SIGINT', by: 'other' })
    await sleep(1600)
    expect(existsSync(survived)).toBe(false)
  })
})

describe('runOk', () => {
  test('returns the output of a program that succeeds', async () => {
    expect(await runOk(['echo', 'hi'])).toMatchObject({ stdout: 'hi\n' })
  })

  test('a failure shows the command, the status and the last lines, without the secrets', async () => {
    const failing = runOk(shell('echo one >&2; echo token-1 >&2; exit 7'), { hint: 'look', redact: ['token-1'] })
    await expect(failing).rejects.toThrow(
      "PROCESS_FAILED: `sh -c 'echo one >&2; echo *** >&2; exit 7'` exited with status 7:\none\n***\n\nhint: look",
    )
  })

  test('standard output is shown when standard error is empty', async () => {
    await expect(runOk(shell('echo only; exit 1'))).rejects.toThrow('exited with status 1:\nonly')
  })

  test.each([
    [['no-such-program'], {}, 'TOOL_MISSING: no-such-program cannot be started'],
    [['sleep', '9'], { timeoutMs: 50, graceMs: 50 }, 'PROCESS_TIMED_OUT: `sleep 9` did not end within 50 ms'],
    [['sh', '-c', 'kill -9 $$'], {}, "PROCESS_FAILED: `sh -c 'kill -9 $$'` was ended by SIGKILL"],
  ])('%j has an error of its own', async (command, options, message) => {
    await expect(runOk(command, options)).rejects.toThrow(message)
  })
})
