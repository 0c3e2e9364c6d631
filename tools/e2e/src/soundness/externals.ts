/** Small crates with few dependencies, and versions that `cargo update --precise` may choose. */
export const CRATES: Readonly<Record<string, { req: string; versions: readonly string[]; feature: string }>> = {
  base64: { req: '0.22', versions: ['0.22.0', '0.22.1'], feature: 'alloc' },
  'cfg-if': { req: '1', versions: ['1.0.0', '1.0.1'], feature: 'compiler_builtins' },
  either: { req: '1', versions: ['1.11.0', '1.12.0', '1.13.0'], feature: 'use_std' },
  fnv: { req: '1', versions: ['1.0.6', '1.0.7'], feature: 'std' },
  hex: { req: '0.4', versions: ['0.4.2', '0.4.3'], feature: 'alloc' },
  itoa: { req: '1', versions: ['1.0.9', '1.0.10', '1.0.11'], feature: 'no-panic' },
  memchr: { req: '2', versions: ['2.7.1', '2.7.2', '2.7.4'], feature: 'std' },
  textwrap: { req: '0.16', versions: ['0.16.0', '0.16.1'], feature: 'unicode-width' },
}

/** Pure Python packages with few dependencies, and versions that `uv lock --upgrade-package` may choose. */
export const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  anyio: ['4.2.0', '4.3.0'],
  h11: ['0.13.0', '0.14.0'],
  idna: ['3.6', '3.7', '3.8'],
  iniconfig: ['1.1.1', '2.0.0'],
  packaging: ['23.1', '23.2', '24.0'],
  six: ['1.15.0', '1.16.0'],
  sniffio: ['1.3.0', '1.3.1'],
  toolz: ['1.0.0', '0.12.1'],
}
