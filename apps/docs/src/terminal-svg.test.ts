import { describe, expect, it } from 'vitest'
import { terminalSvg } from './terminal-svg.mjs'

describe('the terminal picture', () => {
  it('keeps text selectable, colours and bold, and shows markup as text', () => {
    const svg = terminalSvg('\u001B[1m\u001B[32mpassed\u001B[0m <he> & "proxy"\n', { title: 'a "run"' })
    expect(svg).toContain(
      '<tspan fill="#7ee787" font-weight="bold">passed</tspan><tspan> &lt;he&gt; &amp; &quot;proxy&quot;</tspan>',
    )
    expect(svg).toContain('aria-label="a &quot;run&quot;"')
  })

  it('drops what moves the cursor and cuts what is too wide', () => {
    const svg = terminalSvg('\u001B[2Kabc\u001B[1Gdef', { columns: 4, title: 'x' })
    expect(svg).toContain('<tspan>abc</tspan><tspan>d</tspan></text>')
  })
})
