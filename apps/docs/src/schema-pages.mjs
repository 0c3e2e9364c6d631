/**
 * @typedef {{ description?: string, type?: string | string[], default?: unknown, enum?: unknown[], items?: { type?: string } }} Property
 * @typedef {{ properties?: Record<string, Property>, required?: string[] }} Schema
 * @typedef {{ name: string, description: string, schema: Schema }} Entry
 */

/**
 * A reference page of executors or generators, one section each, made from their schemas.
 *
 * @param {string} title
 * @param {readonly Entry[]} entries
 * @returns {string} Markdown
 */
export function schemaPage(title, entries) {
  const sections = entries.map(({ name, description, schema }) =>
    [`## \`${name}\``, description, optionTable(schema)].join('\n\n'),
  )
  return `${[`# ${title}`, ...sections].join('\n\n')}\n`
}

/** @param {Schema} schema */
function optionTable({ properties = {}, required = [] }) {
  const rows = Object.entries(properties)
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, property]) => {
      const fallback =
        property.default === undefined ? (required.includes(name) ? 'required' : '') : code(JSON.stringify(property.default))
      return `| ${code(name)} | ${code(typeOf(property))} | ${fallback} | ${cell(property.description ?? '')} |`
    })
  if (rows.length === 0) return 'It has no options.'
  return ['| Option | Type | Default | Meaning |', '|---|---|---|---|', ...rows].join('\n')
}

/** @param {Property} property @returns {string} */
function typeOf({ type, enum: values, items }) {
  if (values !== undefined) return values.map((value) => JSON.stringify(value)).join(' or ')
  if (items?.type !== undefined) return `${items.type}[]`
  return Array.isArray(type) ? type.join(' or ') : (type ?? 'any')
}

/** @param {string} text */
function code(text) {
  return `\`${text.replaceAll('|', '\\|')}\``
}

/** Text for a table cell: one line, and nothing that Vue would take for a tag. @param {string} text */
export function cell(text) {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('{{', '&#123;{').replaceAll(/\s+/g, ' ').trim()
}
