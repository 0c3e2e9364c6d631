import { isNode, isSeq, parseDocument, type Document } from 'yaml'
import { editWith, type Edit } from './edit.ts'

/**
 * Edits one YAML document in the text's own indentation. Comments, anchors and the style of scalars stay; spaces that YAML
 * does not need (alignment, runs of blank lines) may be normalised.
 *
 * Throws `InterlockError` (`EDIT_CONFLICT`) when the text cannot be read or the result would not hold the values.
 */
export function editYaml(text: string, edits: readonly Edit[], place: { readonly file: string }): string {
  return editWith({ apply, parse: (source) => read(source).toJS() as unknown }, { text, file: place.file }, edits)
}

function apply(text: string, edit: Edit): string {
  const document = read(text)
  if (edit.kind === 'remove') document.deleteIn(edit.path)
  else if (edit.kind === 'set') document.setIn(edit.path, document.createNode(edit.value))
  else insertItem(document, edit)
  return document.toString({
    lineWidth: 0,
    indent: indentOf(text),
    indentSeq: !/^( *)\S.*:\s*(#.*)?\r?\n\1- /m.test(text),
    flowCollectionPadding: /[{[] /.test(text),
  })
}

function insertItem(document: Document, edit: Extract<Edit, { kind: 'insert' }>): void {
  const holder = edit.path.slice(0, -1)
  const list: unknown = document.getIn(holder, true)
  const index = Number(edit.path.at(-1))
  if (isSeq(list)) list.items.splice(index === -1 ? list.items.length : index, 0, document.createNode(edit.value))
  else if (!isNode(list)) document.setIn(holder, document.createNode([edit.value]))
}

/** The smallest step that the text indents by; YAML allows no less than one space. */
function indentOf(text: string): number {
  const steps = [...text.matchAll(/^( +)[^\s#-]/gm)].map((match) => match[1]?.length ?? 2)
  return steps.length === 0 ? 2 : Math.min(...steps)
}

function read(text: string): Document.Parsed {
  const document = parseDocument(text, { prettyErrors: false })
  const [error] = document.errors
  if (error !== undefined) throw new Error(`not valid YAML: ${error.message}`)
  return document
}
