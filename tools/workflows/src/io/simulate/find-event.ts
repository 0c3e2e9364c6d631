import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { InterlockError, nearest } from '@interlock/kit'
import { parseEventFile } from '../../core/simulate/event-file.ts'
import type { SimulatedEvent } from '../../core/simulate/event.ts'
import { type Fixture, fixtureEvent, FIXTURES } from '../../core/simulate/fixtures.ts'
import type { SimulatedRepository } from './repository.ts'

/**
 * The event of a fixture, or of a file.
 *
 * @throws InterlockError `USAGE` for a name that is neither, and for a fixture that the last commit does not fit;
 * `CONFIG_INVALID` for a file that is no event.
 */
export function findEvent(name: string, repository: SimulatedRepository, root: string): SimulatedEvent {
  const fixture = FIXTURES.find((each) => each.name === name)
  if (fixture !== undefined) return fromFixture(fixture, repository)
  const path = resolve(root, name)
  if (name.endsWith('.json') || existsSync(path)) return fromFile(name, path, repository)
  const names = FIXTURES.map((each) => each.name)
  const meant = nearest(name, names)
  throw new InterlockError('USAGE', `--event ${JSON.stringify(name)} is neither a fixture nor a file`, {
    hint: meant === undefined ? `the fixtures are ${names.join(', ')}` : `did you mean ${meant}?`,
  })
}

/** The event of a fixture. Throws `USAGE` where the last commit is none that the fixture speaks of. */
function fromFixture(fixture: Fixture, { facts, changed }: SimulatedRepository): SimulatedEvent {
  const { onlyChanges } = fixture
  const other = onlyChanges === undefined ? undefined : changed.sinceBase.find((file) => !onlyChanges.test(file))
  if (onlyChanges !== undefined && (other !== undefined || changed.sinceBase.length === 0)) {
    const why = other === undefined ? 'nothing is changed' : `${other} is changed too`
    throw new InterlockError('USAGE', `--event ${fixture.name}: ${why} since ${facts.base.slice(0, 12)}`, {
      hint: 'commit a change below .github alone, on a branch of its own',
    })
  }
  const event = fixtureEvent(fixture, facts, undefined)
  return { ...event, changedFiles: changesOf(event, changed) }
}

function fromFile(name: string, path: string, { facts, changed }: SimulatedRepository): SimulatedEvent {
  const event = parseEventFile({ file: name, text: readText(name, path) }, facts)
  return event.sha === facts.head ? { ...event, changedFiles: changesOf(event, changed) } : event
}

function changesOf({ name }: SimulatedEvent, { sinceBefore, sinceBase }: SimulatedRepository['changed']): readonly string[] {
  return name === 'push' ? sinceBefore : sinceBase
}

function readText(name: string, path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown reason'
    throw new InterlockError('FILE_UNREADABLE', `cannot be read (${code})`, { file: name, cause })
  }
}
