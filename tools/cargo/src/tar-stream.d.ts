declare module 'tar-stream' {
  /** What is written into the head of an entry; the owner is root. */
  export interface Headers {
    readonly name: string
    readonly type: 'file' | 'directory'
    readonly mode: number
    readonly mtime: Date
    readonly uid: number
    readonly gid: number
  }

  /** An archive that is being written, in the order of its entries. */
  export interface Pack extends AsyncIterable<Uint8Array> {
    entry(headers: Headers, content: Uint8Array): unknown
    finalize(): void
  }

  export function pack(): Pack
}
