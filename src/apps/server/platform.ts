/** What the embedded engine needs of a machine, in one sentence where it does not fit. */
export function platformFault(): string | undefined {
  const major = Number(process.versions.node.split('.')[0])
  if (major < 24)
    return `Millrace needs Node 24 and runs on ${process.versions.node}. Start it with bin/millrace or npm start, which fetch it.`
  if (process.platform === 'win32')
    return 'Millrace runs on Windows through WSL2: install it inside a WSL2 distribution.'
  if (process.platform !== 'linux' && process.platform !== 'darwin')
    return `Millrace runs on Linux and macOS, not on ${process.platform}.`
  if (process.arch !== 'x64' && process.arch !== 'arm64')
    return `Millrace runs on x64 and arm64 processors, not on ${process.arch}.`
  if (process.platform === 'linux' && usesMusl())
    return 'Millrace needs a Linux with glibc (Debian, Ubuntu, Fedora …); this one uses musl (Alpine), for which the embedded engine is not built.'
  return undefined
}

function usesMusl(): boolean {
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } }
  return header.glibcVersionRuntime === undefined
}
