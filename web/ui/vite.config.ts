import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

const dist = '../dist'
const description = JSON.parse(readFileSync(join(import.meta.dirname, '../api/testdata/openapi.golden.json'), 'utf8'))

/** Writes FILE.br and FILE.gz beside every script and style: the server sends them as they are. */
const compressed = (): Plugin => ({
  name: 'compressed',
  closeBundle() {
    const dir = join(import.meta.dirname, dist, 'assets')
    for (const f of readdirSync(dir).filter(f => /\.(js|css)$/.test(f))) {
      const bytes = readFileSync(join(dir, f))
      writeFileSync(join(dir, f + '.br'), brotliCompressSync(bytes))
      writeFileSync(join(dir, f + '.gz'), gzipSync(bytes, { level: 9 }))
    }
  },
})

// The build empties outDir; public/.gitkeep is copied back, so that the folder
// can be embedded in a clean clone too. Nothing is inlined: the policy of the
// server allows files of this origin alone.
export default defineConfig({
  plugins: [react(), compressed()],
  // Links to whole tables are there where the API offers them.
  define: { __EXPORTS__: '/brands/{brand}/exports/advocates' in description.paths },
  build: { outDir: dist, emptyOutDir: true, target: 'es2022', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  server: { proxy: { '/api': 'http://127.0.0.1:8080', '/lite': 'http://127.0.0.1:8080' } },
})
