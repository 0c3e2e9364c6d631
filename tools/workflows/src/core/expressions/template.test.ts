import { expect, test } from 'vitest'
import { templateParts } from './template.ts'

test('a text is cut where expressions begin and end, and each piece knows its place', () => {
  expect(templateParts('a ${{ b.c }}d${{e}}')).toEqual([
    { kind: 'text', text: 'a ', at: 0 },
    { kind: 'expression', source: 'b.c', at: 2 },
    { kind: 'text', text: 'd', at: 12 },
    { kind: 'expression', source: 'e', at: 13 },
  ])
})

test('braces inside a quoted text, doubled quotes included, close nothing', () => {
  expect(templateParts("${{ format('}} it''s {0}', x) }}")).toEqual([
    { kind: 'expression', source: "format('}} it''s {0}', x)", at: 0 },
  ])
})

test('braces that nothing closes are a piece of their own', () => {
  expect(templateParts("x ${{ 'a }}")).toEqual([
    { kind: 'text', text: 'x ', at: 0 },
    { kind: 'unclosed', text: "${{ 'a }}", at: 2 },
  ])
  expect(templateParts('')).toEqual([])
})
