import { execFileSync } from 'node:child_process'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testServer } from '../../testing/server.ts'
import { MAIN, tokenAuthority } from '../../testing/tokens.ts'

const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync']
const program = programOnPath('chromium')
const authority = tokenAuthority({ tokens: { main: MAIN } })
const headers = { authorization: 'Bearer main' }

describe.runIf(program !== undefined)('the status page in a real browser', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await chromium.launch({ ...(program === undefined ? {} : { executablePath: program }), args: FLAGS })
  })
  afterAll(async () => browser?.close())

  test('shows what the server counted, by its headings', async () => {
    await using server = await testServer({ authority, usage: () => USAGE })
    const url = `${server.url}/v1/cache/1`
    await fetch(url, { headers })
    await fetch(url, { method: 'PUT', body: 'x', headers })
    await fetch(url, { headers })
    const page = await open(browser, server.url)
    expect(await page.title()).toBe('Interlock cache')
    expect(await cells(page, 'Hit rate')).toEqual(['50.0 %'])
    expect(await cells(page, 'Stored')).toEqual(['1'])
    expect(await cells(page, 'pr')).toEqual(['2', '1.5 KiB'])
    expect(await cells(page, 'trusted')).toEqual(['12\u202f345', '3.0 GiB'])
    await page.close()
  })

  test('is styled by the one file that its policy allows, and breaks nothing of that policy', async () => {
    await using server = await testServer({ authority })
    const said: string[] = []
    const page = await browser.newPage()
    page.on('console', (message) => said.push(message.text()))
    page.on('pageerror', (error) => said.push(error.message))
    const asked: string[] = []
    page.on('request', (request) => asked.push(new URL(request.url()).pathname))
    await page.goto(server.url)
    expect(await page.evaluate('getComputedStyle(document.querySelector("table")).borderCollapse')).toBe('collapse')
    expect(said.filter((text) => !text.includes('favicon'))).toEqual([])
    expect(asked.filter((path) => path !== '/favicon.ico')).toEqual(['/', '/style.css'])
    await page.close()
  })

  test('runs no script, wherever it would come from', async () => {
    await using server = await testServer({
      authority,
      version: '<script>document.title = "owned"</script><img src=x onerror="document.title=1">',
    })
    const page = await open(browser, server.url)
    expect(await page.title()).toBe('Interlock cache')
    expect(await page.locator('footer').textContent()).toContain('<script>')
    expect(await page.locator('img, script').count()).toBe(0)
    await page.close()
  })
})

test('says in its headers that nothing may run, be loaded or be framed', async () => {
  await using server = await testServer({ authority })
  const answer = await fetch(server.url)
  expect(answer.headers.get('content-security-policy')).toMatchInlineSnapshot(
    `"default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"`,
  )
  expect(await answer.text()).not.toMatch(/<script|style=|onload|javascript:/iu)
})

const CLASS = { entries: 0, bytes: 0 }
const USAGE = {
  counted: 0,
  classes: { branch: CLASS, queue: CLASS, pr: { entries: 2, bytes: 1536 }, trusted: { entries: 12_345, bytes: 3 * 2 ** 30 } },
}

async function open(browser: Browser, url: string): Promise<Page> {
  const page = await browser.newPage()
  await page.goto(url)
  return page
}

/** What stands in the row with this heading. */
async function cells(page: Page, heading: string): Promise<readonly string[]> {
  return page
    .getByRole('row')
    .filter({ has: page.getByRole('rowheader', { name: heading, exact: true }) })
    .getByRole('cell')
    .allTextContents()
}

function programOnPath(name: string): string | undefined {
  try {
    return execFileSync('which', [name], { encoding: 'utf8' }).trim()
  } catch {
    return undefined
  }
}
