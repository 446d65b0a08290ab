// Fails when the build is heavier than the budgets of docs/web.md. No browser needed.
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import zlib from 'node:zlib'

const dist = fileURLToPath(new URL('../../dist', import.meta.url))
const limits = { initialJS: 120, css: 15, lazyJS: 60, font: 50, first: 220 } // KB; scripts and styles gzipped, the font as it is
const gz = f => zlib.gzipSync(fs.readFileSync(path.join(dist, f)), { level: 9 }).length / 1024
const html = fs.readFileSync(path.join(dist, 'index.html'), 'utf8')
const named = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map(m => m[1])
const assets = fs.readdirSync(path.join(dist, 'assets')).filter(f => !/\.(br|gz)$/.test(f)).map(f => 'assets/' + f)
const sum = list => list.reduce((n, f) => n + gz(f), 0)
// The larger of the two languages is fetched at once as well.
const words = assets.filter(f => /\/first-[^/]*\.js$/.test(f)).sort((a, b) => gz(b) - gz(a))
if (words.length !== 2) throw new Error('the two catalogues are not where they were: ' + words)
const scripts = [...named.filter(f => f.endsWith('.js')), words[0]]
// Styles of pages that come later are fetched with them: each with its page's limit, all together named.
const allStyles = assets.filter(f => f.endsWith('.css')), styles = allStyles.filter(f => named.includes(f))
if (!styles.length) throw new Error('the page names no style')
const lazy = assets.filter(f => !styles.includes(f) && /\.(js|css)$/.test(f) && !scripts.includes(f) && !words.includes(f)).map(f => [f, gz(f)]).sort((a, b) => b[1] - a[1])
const font = fs.statSync(path.join(dist, assets.find(f => /inter-latin-wght.*woff2$/.test(f)))).size / 1024
const icon = fs.statSync(path.join(dist, 'icon.svg')).size / 1024
const rows = [
  ['initial JS', sum(scripts), limits.initialJS],
  ['initial CSS', sum(styles), limits.css],
  ['largest lazy chunk ' + lazy[0][0], lazy[0][1], limits.lazyJS],
  ['font', font, limits.font],
  ['first load: page, scripts, style, font, icon', gz('index.html') + sum(scripts) + sum(styles) + font + icon, limits.first],
]
console.log(`       ${sum(allStyles).toFixed(1)} KB of CSS on all pages`)
for (const [name, kb, limit] of rows) console.log(`${kb > limit ? 'OVER' : 'ok  '} ${kb.toFixed(1).padStart(6)} / ${limit} KB  ${name}`)
process.exit(rows.some(([, kb, limit]) => kb > limit) ? 1 : 0)
