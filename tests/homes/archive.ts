/** A home as one compressed tar file. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createReadStream, createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { constants, createZstdCompress, createZstdDecompress } from 'node:zlib'

/** A restarted server makes these again. */
const left = ['lock', 'lock-journal', 'holder.json', 'server.json', 'warehouse.process.json', 'warehouse/tmp']

export async function packHome(home: string, file: string): Promise<void> {
  const excludes = left.map((name) => `--exclude=./${name}`)
  const tar = spawn('tar', ['-C', home, '--sort=name', '--owner=0', '--group=0', ...excludes, '-cf', '-', '.'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(tar, 'close')
  const params = {
    [constants.ZSTD_c_compressionLevel]: 19,
    [constants.ZSTD_c_windowLog]: 27,
    [constants.ZSTD_c_enableLongDistanceMatching]: 1,
  }
  await pipeline(tar.stdout, createZstdCompress({ params }), createWriteStream(file))
  await ended
  if (tar.exitCode !== 0) throw new Error(`tar ended with exit code ${tar.exitCode}.`)
}

export async function unpackHome(file: string, folder: string): Promise<void> {
  const tar = spawn('tar', ['-C', folder, '--no-same-owner', '-xpf', '-'], { stdio: ['pipe', 'ignore', 'inherit'] })
  const ended = once(tar, 'close')
  const params = { [constants.ZSTD_d_windowLogMax]: 27 }
  await pipeline(createReadStream(file), createZstdDecompress({ params }), tar.stdin)
  await ended
  if (tar.exitCode !== 0) throw new Error(`tar ended with exit code ${tar.exitCode}.`)
}
