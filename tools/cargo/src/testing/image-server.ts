import { execFileSync } from 'node:child_process'
import { join } from 'node:path'

const SOURCES = join(import.meta.dirname, '..', '..', 'fixtures', 'image-server')

/** A server that needs a library of its own, compiled into `folder`. */
export interface ImageServer {
  readonly program: string
  /** The library, in a folder that only the program knows. */
  readonly library: string
}

export function compileServer(folder: string): ImageServer {
  const [program, library] = [join(folder, 'server'), join(folder, 'libgreeting.so')]
  const compile = (...words: readonly string[]): unknown => execFileSync('cc', words, { cwd: SOURCES, stdio: 'inherit' })
  compile('-shared', '-fPIC', '-o', library, 'greeting.c')
  compile('-o', program, 'server.c', `-L${folder}`, '-lgreeting', `-Wl,-rpath,${folder}`, '-ldl')
  return { program, library }
}
