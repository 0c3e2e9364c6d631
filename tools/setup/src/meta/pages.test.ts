import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { ROOT, TRACKED, text } from './repository.ts'

const pages = TRACKED.filter((path) => /^[A-Z]+\.md$/.test(path) || /^(tools|libs|apps)\/[^/]+\/README\.md$/.test(path))

it.each(pages)('every link of %s to a file leads to one', (page) => {
  const links = [...text(page).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].map(([, link = '']) => link)
  expect(links.filter((link) => !existsSync(join(ROOT, dirname(page), link)))).toEqual([])
})

it('every link of a page about the proxy leads to a file of the repository, or to a page that is made of sources', () => {
  const links = TRACKED.filter((path) => /^apps\/docs\/content\/proxy\/.+\.md$/.test(path)).flatMap((page) =>
    [...text(page).matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, link = '']) => join(dirname(page), link)),
  )
  expect(links.length).toBeGreaterThan(10)
  const made = /^apps\/docs\/content\/reference\/\w+\.md$/
  expect(links.filter((link) => !made.test(link) && !existsSync(join(ROOT, link)))).toEqual([])
})

it('every file that ARCHITECTURE.md walks through is there', () => {
  const words = [...text('ARCHITECTURE.md').matchAll(/`((?:tools|apps|libs|src|bin)\/[\w./-]+)`/g)].map(([, word = '']) => word)
  expect(words.length).toBeGreaterThan(20)
  const places = new Set(['', ...TRACKED.map((path) => /^(?:tools|libs|apps)\/[^/]+/.exec(path)?.[0] ?? '')])
  expect(words.filter((word) => ![...places].some((place) => existsSync(join(ROOT, place, word))))).toEqual([])
})

it('the README makes the six promises, and the docs have a section for each', () => {
  const promises = [...text('README.md').matchAll(/^\d\. \*\*(.+?)\.\*\*/gm)].map(([, title]) => title)
  expect(promises).toHaveLength(6)
  const sections = [...text('apps/docs/content/promises.md').matchAll(/^## \d\. (.+)$/gm)].map(([, title]) => title)
  expect(sections).toEqual(promises)
})

it('decision records are numbered without a gap and say what was decided', () => {
  const records = TRACKED.filter((path) => /^apps\/docs\/content\/decisions\/\d{4}-.+\.md$/.test(path)).toSorted()
  expect(records.map((path) => Number(path.split('/').at(-1)?.slice(0, 4)))).toEqual(records.map((_, index) => index + 1))
  expect(records.filter((path) => !/^# \d{4} .+\n\n\*\*Decision\.\*\*/.test(text(path)))).toEqual([])
})
