/** @typedef {{ name: string, kind: string, summary: string }} Item */

/**
 * Public items of a Rust file with the first paragraph of their documentation.
 *
 * @param {string} source
 * @returns {Item[]}
 */
export function rustItems(source) {
  const pattern = /((?:^[ \t]*\/\/\/.*\n)+)(?:^[ \t]*#\[.*\]\n)*^pub (struct|enum|trait|fn|const|type) (\w+)/gm
  return [...source.matchAll(pattern)].map(([, docs = '', kind = '', name = '']) => ({
    kind,
    name,
    summary: firstParagraph(docs.replaceAll(/^[ \t]*\/\/\/ ?/gm, '')),
  }))
}

/**
 * Names that a Rust crate root exports with `pub use module::{…}`.
 *
 * @param {string} source
 * @returns {string[]}
 */
export function rustExports(source) {
  return [...source.matchAll(/^pub use \w+(?:::\w+)*::(?:\{([^}]+)\}|(\w+));/gm)]
    .flatMap(([, group, one]) => (group ?? one ?? '').split(','))
    .map((name) => name.trim())
    .filter((name) => name !== '')
}

/**
 * Public classes, functions and constants at the top level of a Python file with the first paragraph of their docstring.
 *
 * @param {string} source
 * @returns {Item[]}
 */
export function pythonItems(source) {
  const blocks = /^(class|def) ([A-Za-z]\w*)[^\n]*(?:\n[ \t)][^\n]*?)*?:\n[ \t]+"""([\s\S]*?)"""/gm
  const constants = /^([A-Z][A-Z_]*): [^\n]+\n"""([\s\S]*?)"""/gm
  return [
    ...[...source.matchAll(blocks)].map(([, kind = '', name = '', docs = '']) => ({
      kind: kind === 'def' ? 'function' : kind,
      name,
      summary: firstParagraph(docs),
    })),
    ...[...source.matchAll(constants)].map(([, name = '', docs = '']) => ({
      kind: 'constant',
      name,
      summary: firstParagraph(docs),
    })),
  ]
}

/**
 * Names in the `__all__` of a Python file.
 *
 * @param {string} source
 * @returns {string[]}
 */
export function pythonExports(source) {
  const list = /^__all__ = [[(]([\s\S]*?)[\])]/m.exec(source)?.[1] ?? ''
  return [...list.matchAll(/"(\w+)"/g)].map(([, name = '']) => name)
}

/**
 * @param {readonly { title: string, intro: string, exports: readonly string[], items: readonly Item[] }[]} packages
 * @returns {string} Markdown
 */
export function apiPage(packages) {
  const sections = packages.map(({ title, intro, exports, items }) => {
    const documented = new Map(items.map((item) => [item.name, item]))
    if (exports.length === 0) throw new Error(`${title}: no public name was found, so its layout must have changed`)
    const rows = [...exports]
      .sort()
      .map((name) => `| \`${name}\` | ${documented.get(name)?.kind ?? ''} | ${safe(documented.get(name)?.summary ?? '')} |`)
    return [`## ${title}`, safe(intro), ['| Name | Kind | Summary |', '|---|---|---|', ...rows].join('\n')].join('\n\n')
  })
  return `${['# API', 'Made from the sources of this repository when the site is built.', ...sections].join('\n\n')}\n`
}

/** The first paragraph of a module's documentation: `//!` lines or a docstring. @param {string} source */
export function moduleSummary(source) {
  const rust = /^(?:\/\/!.*\n)+/.exec(source)?.[0].replaceAll(/^\/\/! ?/gm, '')
  return firstParagraph(rust ?? /^"""([\s\S]*?)"""/.exec(source)?.[1] ?? '')
}

/** @param {string} text */
function firstParagraph(text) {
  return (text.trim().split(/\n\s*\n/)[0] ?? '').replaceAll(/\s+/g, ' ').trim()
}

/** Rust's links to items mean nothing on this site, and Vue would take `<T>` for a tag. @param {string} text */
function safe(text) {
  return text
    .replaceAll(/\[(`[^`]+`)\](?:\([^)]*\))?/g, '$1')
    .replaceAll('|', '\\|')
    .replaceAll('<', '&lt;')
    .replaceAll('{{', '&#123;{')
}
