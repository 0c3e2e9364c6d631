import { describe, expect, it } from 'vitest'
import { capture, stream, streamOk } from './processes.mjs'

const options = { cwd: process.cwd(), env: process.env }
const node = (script: string): [string, string[]] => [process.execPath, ['-e', script]]

describe('a program', () => {
  it('that speaks is heard on both streams, and one that is missing has no status', async () => {
    expect(
      await capture(...node('process.stdout.write("one"); process.stderr.write("two"); process.exitCode = 3'), options),
    ).toEqual({
      status: 3,
      stderr: 'two',
      stdout: 'one',
    })
    expect(await capture('no-such-program', [], options)).toMatchObject({ status: undefined })
  })

  it('that takes its time gives signs of life', async () => {
    const lines: string[] = []
    const pids: (number | undefined)[] = []
    const slow = { ...options, print: (line: string) => void lines.push(line), signOfLifeMs: 20, started: record }
    expect(await stream(...node('setTimeout(() => {}, 200)'), slow)).toMatchObject({ status: 0, interrupted: undefined })
    expect(lines[0]).toMatch(/running for \d+ s/)
    expect(pids).toEqual([expect.any(Number), undefined])

    function record(pid: number | undefined): void {
      pids.push(pid)
    }
  })

  it('promise-1: that fails or is missing is an error that names the command', async () => {
    await streamOk(...node(''), options)
    await expect(streamOk(...node('process.exit(4)'), options)).rejects.toThrow(/-e process\.exit\(4\) ended with status 4/)
    await expect(streamOk('no-such-program', ['x'], options)).rejects.toThrow('no-such-program was not found')
  })

  it('is told to stop when this process is, and that is an error of its own', async () => {
    const running = streamOk(...node('setInterval(() => {}, 1000)'), {
      ...options,
      // The handlers are there one tick after the start.
      started: (pid) => void (pid !== undefined && setTimeout(() => process.emit('SIGTERM'), 50)),
    })
    await expect(running).rejects.toMatchObject({ message: 'setup: interrupted by SIGTERM', status: 143 })
  })
})
