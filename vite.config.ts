import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, gzip } from 'node:zlib'
import tailwind from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

/** The web is the only part that is built. `#` imports resolve from package.json as they do in Node. */
export default defineConfig({
  root: 'src/apps/web',
  base: '/app/',
  publicDir: 'public',
  plugins: [react(), tailwind(), compressed()],
  build: {
    outDir: '../../../dist/web',
    emptyOutDir: true,
    target: ['chrome123', 'firefox121', 'safari17.5'],
    cssTarget: ['chrome123', 'firefox121', 'safari17.5'],
    assetsInlineLimit: 0,
    // Every browser of the targets preloads modules by itself.
    modulePreload: { polyfill: false },
    // What the entry imports statically is two chunks, of which `lib` stays the same between most releases. Split by
    // which pages use a module too, it would be twenty small ones, which compress worse.
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'lib', test: /node_modules/, tags: ['$initial'], priority: 1 },
            { name: 'app', tags: ['$initial'] },
          ],
        },
      },
    },
  },
  server: {
    proxy: Object.fromEntries(
      ['/api', '/ws', '/query', '/stream', '/health', '/ready'].map((path) => [
        path,
        { target: process.env['MILLRACE_URL'] ?? 'http://127.0.0.1:8000', ws: true },
      ]),
    ),
  },
})

/** Lays a compressed twin beside each text file, so that the server compresses nothing itself. */
function compressed(): Plugin {
  let folder = ''
  return {
    name: 'millrace-compressed',
    apply: 'build',
    configResolved({ root, build }) {
      folder = join(root, build.outDir)
    },
    async closeBundle() {
      const names = await readdir(folder, { recursive: true })
      await Promise.all(
        names
          .filter((name) => /\.(js|css|svg|html)$/.test(name))
          .map(async (name) => {
            const file = join(folder, name)
            const bytes = await readFile(file)
            if (bytes.length < 1024) return
            await writeFile(`${file}.br`, await promisify(brotliCompress)(bytes))
            await writeFile(`${file}.gz`, await promisify(gzip)(bytes, { level: 9 }))
          }),
      )
    },
  }
}
