import { expect, it } from 'vitest'
import { commentsOf } from './comments.ts'

it('finds every comment by its line, and none inside a text', () => {
  const text =
    '# top\na: b # beside\nc: "# text"\nd: |\n  # of a script\n  echo # too\n  # interlock: ignore[x] y\ne: f#g\n  # alone\nh: [1, # in a list\n  2]\n'
  expect([...commentsOf(text).values()].map(({ line, column, text: said, alone }) => [line, column, said, alone])).toEqual([
    [1, 1, 'top', true],
    [2, 6, 'beside', false],
    [9, 3, 'alone', true],
    [10, 8, 'in a list', false],
  ])
})

it('keeps the mark of a Windows line end, and that of the byte order, out', () => {
  expect([...commentsOf('\uFEFF# a\r\nb: c # d\r\n').values()].map(({ line, text }) => [line, text])).toEqual([
    [1, 'a'],
    [2, 'd'],
  ])
})
