// How fast the list is with 100,000 people in the brand: the program itself, on
// loopback and over a slow line with a slow processor; medians of 5. It writes
// nothing but what it prints. PEOPLE=1000 tries it out, ONLY=load,slow,sort,api,network
// measures a part.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { spawnSync } from 'node:child_process'
import { context, open } from './browser.mjs'
import { binary, serve } from './server.mjs'
import { write } from './world.mjs'

const people = Number(process.env.PEOPLE ?? 100_000), brand = 'Tamarisco', rounds = 5
const only = process.env.ONLY?.split(',')
const wanted = part => !only || only.includes(part)
const browser = await open()
if (!browser) { console.log('SKIP: no Chromium found. Set CHROMIUM=/path/to/browser.'); process.exit(0) }
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'adalid-perf-')), dir = process.env.DATA ?? path.join(scratch, 'data')
if (!fs.existsSync(path.join(dir, 'adalid.db'))) {
  const file = path.join(scratch, 'posts.jsonl')
  write(file, brand, { people, posts: 3 * people })
  const made = spawnSync(binary, ['import', '--data-dir', dir, '--brand', brand, file], { stdio: ['ignore', 'ignore', 'pipe'] })
  if (made.status !== 0) throw new Error('the invented brand was not stored: ' + made.stderr)
}
const server = await serve({ dir, demo: false }), { base } = server
const list = `${base}/b/${brand}/advocates`, row = 'tbody tr[data-id]'
const sorted = a => [...a].sort((x, y) => x - y), median = a => sorted(a)[a.length >> 1], p95 = a => sorted(a)[Math.ceil(a.length * 0.95) - 1]
const say = (name, value, bar, unit = 'ms', digits = 0) => console.log(`${value <= bar ? 'ok  ' : 'OVER'} ${value.toFixed(digits).padStart(7)} / ${bar} ${unit}  ${name}`)
const load = () => os.loadavg()[0].toFixed(1)

async function opened({ cpu = 1, slow = false } = {}) {
  const c = await context(browser, { locale: 'en' }), p = await c.newPage(), cdp = await c.newCDPSession(p)
  await cdp.send('Network.enable')
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: cpu })
  if (slow) await cdp.send('Network.emulateNetworkConditions', { offline: false, latency: 150, downloadThroughput: 1.6e6 / 8, uploadThroughput: 0.75e6 / 8 })
  await p.addInitScript(() => {
    window.__m = { lcp: 0, tbt: 0, cls: 0, long: [] }
    const watch = (type, f) => new PerformanceObserver(l => l.getEntries().forEach(f)).observe({ type, buffered: true })
    watch('largest-contentful-paint', e => { __m.lcp = e.startTime; __m.what = `${e.element?.tagName}.${e.element?.className}` })
    watch('longtask', e => { __m.tbt += Math.max(0, e.duration - 50); __m.long.push(`${Math.round(e.startTime)}+${Math.round(e.duration)}`) })
    watch('layout-shift', e => { if (!e.hadRecentInput) __m.cls += e.value })
  })
  return { c, p }
}

/** The first list of somebody who was never here. */
async function first(name, how, bars) {
  const m = { lcp: [], tbt: [], cls: [] }
  for (let k = 0; k <= rounds; k++) {
    const { c, p } = await opened(how)
    await p.goto(list)
    await p.waitForFunction(() => document.querySelectorAll('tbody tr[data-id]').length >= 10, null, { timeout: 60_000 })
    await p.waitForLoadState('networkidle')
    await p.waitForTimeout(500)
    const got = await p.evaluate(() => __m)
    if (process.env.VERBOSE) console.log(JSON.stringify(got))
    if (k) for (const what of Object.keys(m)) m[what].push(got[what]) // the first one warms the server
    await c.close()
  }
  say(`largest paint, ${name}`, median(m.lcp), bars.lcp)
  say(`blocking time, ${name}`, median(m.tbt), bars.tbt)
  say(`layout shift, ${name}`, median(m.cls), 0.05, '', 3)
}

/** From a click to rows with other ids on the screen; questions that the server was never asked. */
async function change(name, cpu, act, bar) {
  const times = []
  for (let k = 0; k <= rounds; k++) {
    const { c, p } = await opened({ cpu })
    await p.goto(`${list}?min=${2 + k}`)
    await p.waitForFunction(() => document.querySelectorAll('tbody tr[data-id]').length >= 10, null, { timeout: 60_000 })
    await p.waitForLoadState('networkidle')
    await act.prepare?.(p)
    await p.waitForTimeout(300)
    const took = await p.evaluate(selector => new Promise(done => {
      const ids = () => [...document.querySelectorAll('tbody tr[data-id]')].slice(0, 10).map(r => r.dataset.id).join(), before = ids(), from = performance.now()
      const look = () => (ids() === before || document.querySelector('.card[aria-busy]') ? requestAnimationFrame(look) : requestAnimationFrame(() => { const port = new MessageChannel(); port.port1.onmessage = () => done(performance.now() - from); port.port2.postMessage(0) }))
      document.querySelector(selector).click()
      requestAnimationFrame(look)
    }), act.click)
    if (k) times.push(took)
    await c.close()
  }
  say(name, median(times), bar)
}

const ask = async address => { const t = performance.now(), r = await fetch(base + address); await r.arrayBuffer(); if (!r.ok) throw new Error(`${address}: ${r.status}`); return performance.now() - t }

try {
  const total = (await (await fetch(`${base}/api/v1/brands/${brand}/advocates?limit=1`)).json()).counts
  console.log(`${total.people} people, ${total.mentions} posts; ${os.cpus().length} processors, load ${load()} before`)
  if (wanted('load')) await first('loopback', {}, { lcp: 1000, tbt: 150 })
  if (wanted('slow')) await first('1.6 Mbit/s, 150 ms, processor ×4', { cpu: 4, slow: true }, { lcp: 2500, tbt: 400 })
  if (wanted('sort')) {
    await change('sort to painted', 1, { click: 'thead th:nth-child(6) button' }, 150)
    await change('filter to painted', 1, { click: '.opts input[value=reddit], .opts .opt:nth-child(9) input', prepare: p => p.locator('.filters .chip').first().click() }, 150)
    await change('sort to painted, processor ×4', 4, { click: 'thead th:nth-child(6) button' }, 600)
  }
  if (wanted('api')) {
    const api = `/api/v1/brands/${brand}/advocates?limit=50`, fresh = [], kept = []
    for (let k = 0; k < 200; k++) fresh.push(await ask(`${api}&weights=affinity%3D.${400 + k},volume%3D.2,reach%3D.2,network%3D.2`))
    await ask(api)
    for (let k = 0; k < 200; k++) kept.push(await ask(api))
    say('list of 50 over the API, never asked before, p95 of 200', p95(fresh), 50, 'ms', 1)
    say('list of 50 over the API, asked before, p95 of 200', p95(kept), 50, 'ms', 1)
  }
  if (wanted('network')) {
    const api = `/api/v1/brands/${brand}/network?words=false`
    console.log(`     ${(await ask(api + '&limit=1000')).toFixed(0)} ms  network of 1,000 people, measured and laid out for the first time`)
    console.log(`     ${(await ask(api + '&limit=500')).toFixed(0)} ms  network of 500, laid out; then ${(await ask(api + '&limit=500')).toFixed(0)} ms from memory`)
  }
  console.log(`load ${load()} after`)
} finally {
  await browser.close()
  await server.stop()
  fs.rmSync(scratch, { recursive: true, force: true })
}
