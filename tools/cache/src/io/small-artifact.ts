/** A tar archive as Nx makes them, with the file `code` that says that a task ended well. */
export function smallArtifact(): Buffer {
  const header = Buffer.alloc(512)
  header.write('code', 0)
  header.write('0000644\0', 100)
  header.write('0000000\0', 108)
  header.write('0000000\0', 116)
  header.write('00000000004\0', 124)
  header.write('00000000000\0', 136)
  header.write('        0', 148)
  header.write('ustar\0', 257)
  header.write('00', 263)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  // The code of a task is four bytes in an archive of Nx; then the block is filled, and two empty ones end the archive.
  return Buffer.concat([header, Buffer.alloc(512), Buffer.alloc(1024)])
}
