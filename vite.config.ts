import tailwind from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** The web is the only part that is built. `#` imports resolve from package.json as they do in Node. */
export default defineConfig({
  root: 'src/apps/web',
  base: '/app/',
  publicDir: 'public',
  plugins: [react(), tailwind()],
  build: {
    outDir: '../../../dist/web',
    emptyOutDir: true,
    target: ['chrome123', 'firefox121', 'safari17.5'],
    cssTarget: ['chrome123', 'firefox121', 'safari17.5'],
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
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
