import { expect, it } from 'vitest'
import { estimator } from './durations.ts'

it('a task is worth its last measurement, else the median of its target, else that of everything', () => {
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
  expect(estimate({ id: 'new:build', target: 'build' })).toEqual({ ms: 300, measured: false })
})

it('where nothing was measured, every task is worth the same', () => {
  const estimate = estimator({})
  expect(estimate({ id: 'a:test', target: 'test' })).toEqual(estimate({ id: 'b:lint', target: 'lint' }))
  expect(estimate({ id: 'a:test', target: 'test' }).ms).toBeGreaterThan(0)
})
