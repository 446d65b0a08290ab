// The pictures of the README: the program itself with its invented brand, in a
// browser that is installed. make pictures
import fs from 'node:fs'
import { fileURLToPath } from 'node:url'
import zlib from 'node:zlib'
import { context, open } from '../tests/browser.mjs'
import { api, serve } from '../tests/server.mjs'

const out = fileURLToPath(new URL('../../../docs/pictures/', import.meta.url)), most = 150 * 1024
const browser = await open()
if (!browser) { console.log('SKIP: no Chromium found. Set CHROMIUM=/path/to/browser.'); process.exit(0) }
const server = await serve(), { base } = server
fs.mkdirSync(out, { recursive: true })

/** Reads the pixels of a PNG as the browser writes it: 8 bits, RGB or RGBA, not interlaced. */
function pixels(png) {
  let at = 8, width = 0, height = 0, channels = 0
  const parts = []
  while (at < png.length) {
    const size = png.readUInt32BE(at), kind = png.toString('latin1', at + 4, at + 8), data = png.subarray(at + 8, at + 8 + size)
    if (kind === 'IHDR') { width = data.readUInt32BE(0); height = data.readUInt32BE(4); channels = data[9] === 6 ? 4 : 3 }
    if (kind === 'IDAT') parts.push(data)
    at += 12 + size
  }
  const raw = zlib.inflateSync(Buffer.concat(parts)), line = width * channels, rgb = Buffer.alloc(width * height * 3), rows = [Buffer.alloc(line), Buffer.alloc(line)]
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (line + 1)], now = rows[y & 1], up = rows[1 - (y & 1)]
    for (let x = 0; x < line; x++) {
      const v = raw[y * (line + 1) + 1 + x], a = x >= channels ? now[x - channels] : 0, b = y ? up[x] : 0, c = x >= channels && y ? up[x - channels] : 0, p = a + b - c
      const nearest = Math.abs(p - a) <= Math.abs(p - b) && Math.abs(p - a) <= Math.abs(p - c) ? a : Math.abs(p - b) <= Math.abs(p - c) ? b : c
      now[x] = (v + [0, a, b, (a + b) >> 1, nearest][filter]) & 255
    }
    for (let x = 0; x < width; x++) for (let k = 0; k < 3; k++) rgb[(y * width + x) * 3 + k] = now[x * channels + k]
  }
  return { width, height, rgb }
}

const crcs = Array.from({ length: 256 }, (_, n) => { for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1; return n >>> 0 })
function chunk(kind, data) {
  const body = Buffer.concat([Buffer.from(kind, 'latin1'), data]), all = Buffer.alloc(body.length + 8)
  let crc = 0xffffffff
  for (const b of body) crc = crcs[(crc ^ b) & 255] ^ (crc >>> 8)
  all.writeUInt32BE(data.length, 0)
  body.copy(all, 4)
  all.writeUInt32BE((crc ^ 0xffffffff) >>> 0, body.length + 4)
  return all
}

/** The same picture with 256 colours, a third of the size: half of them the commonest, half those that would be missed most; for the rest the nearest. */
function small(png) {
  const { width, height, rgb } = pixels(png), counts = new Map()
  for (let i = 0; i < rgb.length; i += 3) { const c = (rgb[i] << 16) | (rgb[i + 1] << 8) | rgb[i + 2]; counts.set(c, (counts.get(c) ?? 0) + 1) }
  const away = (p, c) => ((p >> 16) - (c >> 16)) ** 2 + (((p >> 8) & 255) - ((c >> 8) & 255)) ** 2 + ((p & 255) - (c & 255)) ** 2
  const common = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]), palette = common.slice(0, 128).map(x => x[0])
  const others = common.slice(128).map(([c, n]) => ({ c, n: Math.sqrt(n), d: Math.min(...palette.map(p => away(p, c))) }))
  while (palette.length < 256 && others.length) {
    const most = others.reduce((a, b) => (b.d * b.n > a.d * a.n ? b : a))
    palette.push(most.c)
    for (const o of others) o.d = Math.min(o.d, away(most.c, o.c))
  }
  const place = new Map(palette.map((c, i) => [c, i]))
  const nearest = c => {
    let best = 0, least = Infinity
    palette.forEach((p, i) => { const d = away(p, c); if (d < least) { least = d; best = i } })
    place.set(c, best)
    return best
  }
  const lines = Buffer.alloc((width + 1) * height)
  for (let y = 0, i = 0; y < height; y++) for (let x = 0; x < width; x++, i += 3) { const c = (rgb[i] << 16) | (rgb[i + 1] << 8) | rgb[i + 2]; lines[y * (width + 1) + 1 + x] = place.get(c) ?? nearest(c) }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0); head.writeUInt32BE(height, 4); head.set([8, 3, 0, 0, 0], 8)
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), chunk('IHDR', head), chunk('PLTE', Buffer.from(palette.flatMap(c => [c >> 16, (c >> 8) & 255, c & 255]))), chunk('IDAT', zlib.deflateSync(lines, { level: 9, memLevel: 9 })), chunk('IEND', Buffer.alloc(0))])
}

try {
  const brand = (await api(base, '/brands')).items[0].name, b = '/b/' + encodeURIComponent(brand)
  const top = (await api(base, `/brands/${encodeURIComponent(brand)}/advocates?limit=3`)).items
  for (let k = 0; k < 20 && !(await api(base, `/brands/${encodeURIComponent(brand)}/network?limit=1`)).named; k++); // texts are read once
  const settled = p => p.waitForFunction(() => !document.querySelector('.skels,[aria-busy=true]') && ![...document.querySelectorAll('.kpi dd:first-of-type,.views .n')].some(x => x.textContent === '·'))
  for (const [name, locale, theme, url, ready] of [
    ['advocates-en', 'en', 'light', b + '/advocates', p => p.waitForSelector('tbody tr[data-id]')],
    ['person-es', 'es', 'light', `${b}/advocates?person=${top[1].id}`, p => p.waitForSelector('.dbig')],
    ['network-en', 'en', 'dark', b + '/network', async p => { await p.waitForSelector('.netgraph[data-ready]'); await p.waitForSelector('.netcomm .num') }],
    ['advocates-es', 'es', 'dark', b + '/advocates', p => p.waitForSelector('tbody tr[data-id]')],
  ]) {
    const c = await context(browser, { locale, theme, width: 1280, height: 800 }), p = await c.newPage()
    await p.goto(base + url)
    await ready(p); await settled(p); await p.evaluate(() => document.fonts.ready); await p.waitForTimeout(600)
    const png = small(await p.screenshot())
    if (png.length > most) throw new Error(`${name} takes ${png.length} bytes of ${most}`)
    fs.writeFileSync(out + name + '.png', png)
    console.log(`docs/pictures/${name}.png ${(png.length / 1024).toFixed(0)} KB`)
    await c.close()
  }
} finally {
  await browser.close()
  await server.stop()
}
