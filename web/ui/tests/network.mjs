// The Network page: picture and table, with and without WebGL, against the API.
import { context } from './browser.mjs'
import { api } from './server.mjs'

const ready = p => p.waitForSelector('.netgraph[data-ready]')
const tableRow = '.nettable tbody tr[data-id]'

/** Its pages for the matrix of languages, themes and widths. */
export const pages = b => [
  ['network', b + '/network', async p => { await ready(p); await p.waitForSelector('.netcomm .num') }],
  ['network-table', b + '/network?as=table', p => p.waitForSelector(tableRow)],
]

export async function network(base, brand, { check, watch, settled, browser }) {
  const at = base + '/b/' + encodeURIComponent(brand) + '/network', asked = `/brands/${encodeURIComponent(brand)}/network`
  const c = await context(browser, { locale: 'en' }), p = await c.newPage(), bad = watch(p)
  let told = await api(base, asked)
  for (let k = 0; k < 20 && !told.named; k++) told = await api(base, asked) // texts are still being read

  // The table is what the API says, in its order.
  await p.goto(at + '?as=table'); await p.waitForSelector(tableRow); await settled(p); await p.waitForSelector('.netcomm .num')
  const seen = await p.locator(tableRow).evaluateAll(rows => rows.map(r => ({ id: r.dataset.id, name: r.querySelector('bdi').textContent, community: r.children[1].textContent.trim(), cells: [...r.children].slice(2).map(x => x.textContent), connector: !!r.querySelector('.pill') })))
  const f = d => new Intl.NumberFormat('en', { minimumFractionDigits: d, maximumFractionDigits: d }), terms = new Map(told.communities.map(x => [x.id, (x.terms ?? []).slice(0, 2).map(y => y.phrase).join(' · ')]))
  const wrong = seen.filter((s, i) => {
    const n = told.nodes[i], want = [f(1).format(n.share * 100) + '%', f(2).format(n.bridge), f(0).format(n.counterparts), f(0).format(n.mentions), n.score === null ? '—unknown' : f(1).format(n.score)]
    return s.id !== n.id || s.name !== (n.name ?? n.handle) || s.connector !== n.connector || s.community !== (terms.get(n.community) || `Group ${n.community + 1}`) || want.join() !== s.cells.join()
  })
  check('the table of the network is what the API says', seen.length === 100 && told.nodes.length > 100 && wrong.length === 0, JSON.stringify(wrong.slice(0, 2)))
  check('communities have words', told.named && told.communities.filter(x => x.terms?.length > 1).length >= 5, JSON.stringify(told.communities.map(x => x.terms?.length)))

  await p.locator('.nettable th button', { hasText: 'Bridge' }).focus(); await p.keyboard.press('Enter')
  await p.waitForFunction(() => { const v = [...document.querySelectorAll('.nettable tbody tr')].map(r => parseFloat(r.children[3].textContent)); return v.length > 50 && v.every((x, i) => !i || x <= v[i - 1]) })
  check('the table is sorted by keyboard', (await p.locator('.nettable th[aria-sort]').textContent()).includes('Bridge'))
  await p.locator('.tfoot .btn').click()
  check('more rows are shown', (await p.locator(tableRow).count()) === 200)

  // A person opens by keyboard, and the focus comes back.
  await p.keyboard.press('j'); await p.keyboard.press('j')
  const link = await p.evaluate(() => document.activeElement.id)
  await p.keyboard.press('Enter'); await p.waitForSelector('.dbig')
  check('a person of the network opens by keyboard', link.startsWith('n-') && p.url().includes('person=' + link.slice(2)), link)
  await p.keyboard.press('Escape'); await p.waitForSelector('dialog', { state: 'detached' })
  check('closing brings the focus back to the row', (await p.evaluate(() => document.activeElement.id)) === link)

  // The picture: found by name, opened from what is said of the person, moved by buttons.
  await p.locator('.head .btn').click(); await ready(p)
  const somebody = told.nodes.find(n => n.rank !== null && n.rank > 5)
  await p.locator('.netfind input').fill(somebody.handle); await p.keyboard.press('Enter'); await p.waitForSelector('.netdetails')
  const said = await p.locator('.netdetails').textContent()
  check('a person is found', said.includes(somebody.name ?? somebody.handle) && said.includes(`#${f(0).format(somebody.rank)}`), said)
  for (const b of ['Zoom in', 'Zoom out', 'Move left', 'Move up', 'Show everything']) await p.locator('.netzoom button', { hasText: b }).click()
  await p.locator('.netdetails a').focus(); await p.keyboard.press('Enter'); await p.waitForSelector('.dbig')
  check('and opened', p.url().includes(somebody.id))
  await p.keyboard.press('Escape'); await p.waitForSelector('dialog', { state: 'detached' })
  await p.locator('.netcomms input').first().uncheck()
  check('a community is hidden', !(await p.locator('.netcomms input').first().isChecked()))
  const label = await p.locator('.netgraph').getAttribute('aria-label')
  check('the picture says in words what it shows', label.includes(f(0).format(told.nodes.length)) && label.includes(f(0).format(told.edges.length)), label)
  await p.evaluate(() => { document.documentElement.dataset.theme = 'dark'; delete document.querySelector('.netgraph').dataset.ready })
  await ready(p)
  check('another theme draws it anew', true)
  await p.locator('.netnotes .linkb', { hasText: 'Show' }).click(); await p.waitForFunction(() => location.search.includes('include='))
  check('the network was quiet', bad.length === 0, [...new Set(bad)].join(' | '))

  // How long 500 people take until they can be seen, from the address on.
  const times = []
  for (let k = 0; k < 5; k++) {
    await p.goto('about:blank')
    const began = Date.now()
    await p.goto(at + '?show=300', { waitUntil: 'commit' })
    await p.route('**/network?*', r => r.continue({ url: r.request().url().replace('limit=300', 'limit=500') }), { times: 1 })
    await ready(p)
    times.push(Date.now() - began)
  }
  console.log(`a graph of 500 people is ready after ${times.sort((a, b) => a - b)[2]} ms, median of 5 (${times.join(' ')})`)
  await c.close()

  const blind = await context(browser, { locale: 'es' })
  await blind.addInitScript(() => { const real = HTMLCanvasElement.prototype.getContext; HTMLCanvasElement.prototype.getContext = function (kind, ...more) { return /webgl/.test(kind) ? null : real.call(this, kind, ...more) } })
  const q = await blind.newPage(), silent = watch(q)
  await q.goto(at); await q.waitForSelector(tableRow)
  check('without WebGL there is the table, said in words', (await q.locator('.callout').first().textContent()).includes('WebGL') && (await q.locator('.netgraph').count()) === 0 && await q.locator('.head .btn').isDisabled())
  check('without WebGL it is quiet', silent.length === 0, silent.join(' | '))
  await blind.close()
}

/** A brand with too little to draw says so. */
export async function small(base, { check, browser }) {
  const brand = 'Few links', now = Date.now()
  await api(base, '/brands', { method: 'POST', body: JSON.stringify({ name: brand, query: 'tea' }) })
  const rows = Array.from({ length: 12 }, (_, i) => JSON.stringify({ platform: 'mastodon', post_id: `f${i}`, author: `few${i}`, author_id: `few${i}`, author_name: `Few ${i}`, created_at: new Date(now - i * 3_600_000).toISOString(), text: `tea is good @few${(i + 1) % 12}` })).join('\n')
  await api(base, `/brands/${encodeURIComponent(brand)}/mentions`, { method: 'POST', body: rows, type: 'application/x-ndjson' })
  const c = await context(browser, { locale: 'en' }), p = await c.newPage()
  await p.goto(base + '/b/' + encodeURIComponent(brand) + '/network'); await p.waitForSelector('.callout,.state')
  const said = await p.locator('#main').textContent()
  check('too few links are said', /Too few links yet \(\d+\)/.test(said) && said.includes('about 50 mentions'), said.slice(0, 300))
  await api(base, '/brands/' + encodeURIComponent(brand), { method: 'DELETE' })
  await c.close()
}
