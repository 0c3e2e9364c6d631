/** One word for the same thing in every language. */
export const VOCABULARY = {
  format: ['cargo fmt --check', 'black --check or ruff format --check', 'oxfmt --check', 'oxfmt --check'],
  lint: ['cargo clippy, all targets, all features, warnings denied', 'ruff check', 'oxlint, type-aware', 'oxlint'],
  typecheck: ['cargo check', 'mypy --strict', 'tsc -b', '–'],
  test: ['cargo test, all features, doctests included', 'pytest on the default Python', 'vitest', 'vitest'],
  'test-py3.9 … test-py3.13': ['–', 'pytest on that interpreter', '–', '–'],
  coverage: ['cargo llvm-cov, LCOV', 'pytest-cov, LCOV', 'v8, LCOV', 'v8, LCOV'],
  'api-docs': ['cargo doc', 'pdoc', '–', '–'],
  build: ['release binary in dist/', 'wheel in dist/', 'tsc -b', 'the site in dist/'],
}

/** @returns {string} Markdown */
export function targetPage() {
  const rows = Object.entries(VOCABULARY).map(([name, cells]) => `| \`${name}\` | ${cells.join(' | ')} |`)
  return `# Targets

Every project answers the same verbs, so a workflow never names a language. A target exists only where its tool is known to be used.

| Target | Rust | Python | TypeScript | Docs |
|---|---|---|---|---|
${rows.join('\n')}

\`npx nx show project proxy\` prints the targets of one project with the command of each.
`
}
