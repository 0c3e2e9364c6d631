import { expect, it } from 'vitest'
import { estimator } from './durations.ts'

it('a task is worth its last measurement, else the median of its target, else that of its kind', () => {
  const estimate = estimator({
    'a:test 1': 100,
    '@s/b:test 2': 300,
    'c:test 3': 900,
    'a:test 4': 500,
    'a:lint 5': 10,
    'd:e f 6': 7,
  })
  expect(estimate({ id: 'a:test', target: 'test' })).toEqual({ ms: 500, measured: true })
  expect(estimate({ id: '@s/b:test', target: 'test' })).toEqual({ ms: 300, measured: true })
  expect(estimate({ id: 'new:test', target: 'test' })).toEqual({ ms: 500, measured: false })
  expect(estimate({ id: 'new:lint', target: 'lint' })).toEqual({ ms: 10, measured: false })
  expect(estimate({ id: 'new:test-py3.9', target: 'test-py3.9' })).toEqual({ ms: 500, measured: false })
})

it('where nothing of its kind was measured, tests are dear and formatting is cheap', () => {
  const estimate = estimator({ 'd:e f 6': 7 })
  const ms = (target: string): number => estimate({ id: `new:${target}`, target }).ms
  expect(ms('format')).toBeLessThan(ms('lint'))
  expect(ms('lint')).toBeLessThan(ms('test'))
  expect(ms('test-py3.9')).toBe(ms('test'))
  expect(ms('nosuch')).toBeGreaterThan(0)
})
