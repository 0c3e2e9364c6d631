import { describe, expect, it } from 'vitest'
import { readWrk } from './hammer.ts'

const RUN = `Running 4s test @ http://127.0.0.1:1/a
  1 threads and 64 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     2.10ms    1.02ms  40.00ms   90.00%
    Req/Sec    30.10k     2.00k   33.00k    80.00%
  120400 requests in 4.02s, 1.50GB read
`

describe('what wrk says', () => {
  it('is read', () => {
    expect(readWrk(RUN)).toEqual({ bytes: 1.5 * 1024 ** 3, done: 120_400, errors: [], seconds: 4.02 })
    expect(readWrk(RUN.replace('1.50GB', '900.00B')).bytes).toBe(900)
  })

  it('promise-1: counts as errors what is none of success', () => {
    const text = `${RUN}  Socket errors: connect 0, read 3, write 0, timeout 1\n  Non-2xx or 3xx responses: 2\n`
    const { done, errors } = readWrk(text)
    expect(done).toBe(120_398)
    expect(errors).toEqual(['no status of success', 'no status of success', 'read 3', 'timeout 1'])
  })

  it('promise-1: is an error when it is something else', () => {
    expect(() => readWrk('unable to connect')).toThrow('wrk said something else')
  })
})
