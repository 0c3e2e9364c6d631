// Adds to package-lock.json the optional platform packages that the registry at hand did not offer.
//
// A partial registry makes `npm install` leave platform binaries of other systems out of the lock file, and
// `npm ci` then refuses with "Missing: <package> from lock file" on every machine. The entries added here carry
// no integrity, because it cannot be known without the package; re-lock where a full registry is reachable.
//
// Usage: node tools/setup/complete-lock.mjs [--check]
import { readFileSync, writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'

const SYSTEMS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32']
const PROCESSORS = ['arm64', 'arm', 'ia32', 'loong64', 'ppc64', 'riscv64', 's390x', 'x64']

/** The platform that a binary package is for, read from its name; `undefined` when the name tells none. @param {string} name */
export function platformOf(name) {
  const words = name.slice(name.indexOf('/') + 1).split('-')
  const os = words.find((word) => SYSTEMS.includes(word))
  const cpu = words.find((word) => PROCESSORS.includes(word))
  if (os === undefined || cpu === undefined) return undefined
  if (os !== 'linux') return { cpu: [cpu], os: [os] }
  return { cpu: [cpu], libc: [words.some((word) => word.startsWith('musl')) ? 'musl' : 'glibc'], os: [os] }
}

/**
 * Lock entries that must be added: package path → entry. Throws for an optional package whose platform is unknown.
 *
 * @param {Record<string, { optionalDependencies?: Record<string, string> }>} packages
 */
export function missingEntries(packages) {
  /** @type {Record<string, object>} */
  const missing = {}
  for (const entry of Object.values(packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      const known = Object.keys(packages).some(
        (path) => path === `node_modules/${name}` || path.endsWith(`/node_modules/${name}`),
      )
      if (known || missing[`node_modules/${name}`]) continue
      const platform = platformOf(name)
      if (platform === undefined || !/^\d/.test(version)) {
        throw new Error(
          `package-lock.json: cannot complete the optional dependency ${name}@${version}: its platform or exact version is unknown`,
        )
      }
      missing[`node_modules/${name}`] = { version, ...platform, optional: true }
    }
  }
  return missing
}

function main() {
  const file = new URL('../../package-lock.json', import.meta.url)
  const lock = JSON.parse(readFileSync(file, 'utf8'))
  const missing = missingEntries(lock.packages)
  const count = Object.keys(missing).length
  if (process.argv.includes('--check')) {
    if (count > 0)
      console.error(`package-lock.json: ${count} platform packages missing\n\nhint: node tools/setup/complete-lock.mjs`)
    process.exitCode = count > 0 ? 1 : 0
    return
  }
  const merged = Object.entries({ ...lock.packages, ...missing }).sort(([a], [b]) => a.localeCompare(b, 'en'))
  lock.packages = Object.fromEntries(merged)
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`)
  console.log(`package-lock.json: ${count} platform packages added`)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main()
