import { InterlockError } from '@interlock/kit'

/** Words that Rust keeps for itself, and names that cargo refuses or that hide a crate of the standard library. */
const RUST_WORDS = `abstract alloc as async await become box break const continue core crate do dyn else enum extern false
  final fn for gen if impl in let loop macro match mod move mut override priv proc-macro proc_macro pub ref return self
  static std struct super test trait true try type typeof union unsafe unsized use virtual where while yield`.split(/\s+/)

/** Words that Python keeps for itself, and modules of the standard library that a package would hide. */
const PYTHON_WORDS = `and as assert async await break class continue def del elif else except finally for from global if
  import in is lambda nonlocal not or pass raise return try while with none true false
  abc argparse array ast asyncio base64 builtins calendar code codecs collections contextlib copy csv dataclasses datetime
  decimal email enum errno functools gc glob hashlib heapq html http importlib inspect io itertools json keyword locale
  logging math mimetypes numbers operator os pathlib pickle platform queue random re secrets select shutil signal site
  socket sqlite3 ssl stat statistics string struct subprocess sys tempfile test tests textwrap threading time token
  tomllib traceback types typing unittest urllib uuid warnings weakref xml zipfile zlib`.split(/\s+/)

/** Names of devices: no file can have them on Windows. */
const DEVICES = /^(con|prn|aux|nul|com\d|lpt\d)$/

/** Returns the name of a new crate, or throws `CONFIG_INVALID`. */
export function checkCrateName(name: string): string {
  return checkName(name, { what: 'crate', words: RUST_WORDS })
}

/** Returns the name of a new Python package, or throws `CONFIG_INVALID`. */
export function checkPythonName(name: string): string {
  return checkName(name, { what: 'Python package', words: PYTHON_WORDS })
}

/** The module that a Python package is imported as. */
export function moduleName(name: string): string {
  return name.replaceAll('-', '_')
}

function checkName(name: string, { what, words }: { what: string; words: readonly string[] }): string {
  const refuse = (reason: string): never => {
    throw new InterlockError('CONFIG_INVALID', `${JSON.stringify(name)} cannot be the name of a ${what}: ${reason}`, {
      hint: 'use lower-case letters, digits and dashes, with a letter first: `my-project`',
    })
  }
  if (name.length > 64) return refuse('it has more than 64 characters')
  if (!/^[a-z][a-z0-9]*([-_][a-z0-9]+)*$/.test(name)) return refuse('it is not made of words of a-z and 0-9')
  if (words.includes(name) || words.includes(moduleName(name))) return refuse('the language or its library uses it')
  if (DEVICES.test(name)) return refuse('Windows keeps it for a device')
  return name
}

/** Returns a directory inside the workspace without a slash at its end, `.` for the root, or throws `CONFIG_INVALID`. */
export function checkDirectory(directory: string): string {
  const parts = directory.replace(/\/$/, '').split('/')
  if (directory === '.') return directory
  const good = parts.every((part) => /^[A-Za-z0-9@_][A-Za-z0-9@_.+-]*$/.test(part) && !part.endsWith('.'))
  if (!good || ['node_modules', 'target', 'dist'].includes(parts[0] ?? '')) {
    throw new InterlockError('CONFIG_INVALID', `${JSON.stringify(directory)} cannot hold a new project`, {
      hint: 'name a directory inside the workspace with plain words and forward slashes: `libs` or `apps/tools`',
    })
  }
  return parts.join('/')
}
