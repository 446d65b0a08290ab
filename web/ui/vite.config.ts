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

/** The app comes with the page, not after the first script: its files stand in the head. */
const ahead = (): Plugin => ({
  name: 'ahead',
  transformIndexHtml: {
    order: 'post',
    handler(html, { bundle }) {
      if (!bundle) return
      const files = new Set<string>()
      const reach = (f: string) => { const c = bundle[f]; if (c?.type === 'chunk' && !files.has(f)) { files.add(f); c.imports.forEach(reach) } }
      reach(Object.values(bundle).find(c => c.type === 'chunk' && c.facadeModuleId?.endsWith('/src/main.tsx'))?.fileName ?? '')
      if (!files.size) throw new Error('the app is not where it was')
      const font = Object.keys(bundle).find(f => /inter-latin-wght.*\.woff2$/.test(f))
      if (!font) throw new Error('the font is not where it was')
      const early = { tag: 'link', attrs: { rel: 'preload', as: 'font', type: 'font/woff2', crossorigin: '', href: '/' + font }, injectTo: 'head' as const }
      return [early, ...[...files].filter(f => !html.includes(f)).map(f => ({ tag: 'link', attrs: { rel: 'modulepreload', crossorigin: '', href: '/' + f }, injectTo: 'head' as const }))]
    },
  },
})

// The build empties outDir; public/.gitkeep is copied back, so that the folder
// can be embedded in a clean clone too. Nothing is inlined: the policy of the
// server allows files of this origin alone.
export default defineConfig({
  plugins: [react(), ahead(), compressed()],
  // Links to whole tables are there where the API offers them.
  define: { __EXPORTS__: '/brands/{brand}/exports/advocates' in description.paths },
  build: { outDir: dist, emptyOutDir: true, target: 'es2022', assetsInlineLimit: 0, modulePreload: { polyfill: false }, rolldownOptions: { output: { advancedChunks: { groups: [{ name: 'boot', test: /src\/(early|i18n\/words)\.ts$/, priority: 2 }, { name: 'app', test: /src\/main\.tsx$/, priority: 1 }] } } } },
  server: { proxy: { '/api': 'http://127.0.0.1:8080', '/lite': 'http://127.0.0.1:8080' } },
})
