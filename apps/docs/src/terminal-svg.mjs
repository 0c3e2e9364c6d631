const FONT = 14
const LINE = 20
const WIDTH = 8.43
const PALETTE = {
  30: '#6e7681',
  31: '#ff7b72',
  32: '#7ee787',
  33: '#e3b341',
  34: '#79c0ff',
  35: '#d2a8ff',
  36: '#76e3ea',
  37: '#e6edf3',
  90: '#8b949e',
}

/**
 * A terminal's output as an SVG whose text can be selected. Colours of the basic palette and bold are kept; every other
 * control sequence is dropped.
 *
 * @param {string} output with ANSI sequences
 * @param {{ title: string, columns?: number }} options lines longer than `columns` are cut
 * @returns {string}
 */
export function terminalSvg(output, { title, columns = 110 }) {
  const lines = output
    .replaceAll('\r\n', '\n')
    .trimEnd()
    .split('\n')
    .map((line) => spans(line, columns))
  const width = Math.ceil(columns * WIDTH) + 32
  const height = lines.length * LINE + 64
  const rows = lines.map((line, index) => `<text x="16" y="${index * LINE + 58}">${line.map(span).join('')}</text>`)
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escape(title)}">
<title>${escape(title)}</title>
<rect width="100%" height="100%" rx="8" fill="#0d1117"/>
<circle cx="20" cy="20" r="6" fill="#ff5f57"/><circle cx="40" cy="20" r="6" fill="#febc2e"/><circle cx="60" cy="20" r="6" fill="#28c840"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="${FONT}" fill="#e6edf3" xml:space="preserve">
${rows.join('\n')}
</g>
</svg>
`
}

/** @typedef {{ text: string, colour: string | undefined, bold: boolean }} Span */

/** @param {string} line @param {number} columns @returns {Span[]} */
function spans(line, columns) {
  /** @type {Span[]} */
  const found = []
  let style = { bold: false, colour: /** @type {string | undefined} */ (undefined) }
  let left = columns
  // oxlint-disable-next-line no-control-regex -- the escape character is what starts a sequence
  for (const [, codes, final, text = ''] of `\u001B[m${line}`.matchAll(/\u001B\[([\d;?]*)([A-Za-z])([^\u001B]*)/g)) {
    if (final === 'm') style = styleOf(codes ?? '', style)
    const shown = text.slice(0, left)
    left -= shown.length
    if (shown !== '') found.push({ ...style, text: shown })
  }
  return found
}

/** @param {string} codes @param {{ bold: boolean, colour: string | undefined }} before */
function styleOf(codes, before) {
  let style = before
  for (const code of codes.split(';').map(Number)) {
    if (code === 0) style = { bold: false, colour: undefined }
    else if (code === 1) style = { ...style, bold: true }
    else if (code === 39) style = { ...style, colour: undefined }
    else style = { ...style, colour: PALETTE[/** @type {keyof typeof PALETTE} */ (code)] ?? style.colour }
  }
  return style
}

/** @param {Span} span */
function span({ text, colour, bold }) {
  const fill = colour === undefined ? '' : ` fill="${colour}"`
  return `<tspan${fill}${bold ? ' font-weight="bold"' : ''}>${escape(text)}</tspan>`
}

/** @param {string} text */
function escape(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
