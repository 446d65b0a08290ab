// Every page in a real browser, under the server's own policy: axe in both
// languages, themes and widths; filters, weights, drawer, keys, corrections and
// undo; hostile texts; numbers against the API. SHOTS=dir also keeps pictures,
// ONLY=walk,matrix chooses parts, PAGES=settings pages of the matrix.
import fs from 'node:fs'
import { context, open } from './browser.mjs'
import { api, serve } from './server.mjs'
import { edges } from './edges.mjs'
import * as hostile from './hostile.mjs'
import * as net from './network.mjs'
import { accounts, settings, settingsPages } from './settings.mjs'
import { welcome } from './welcome.mjs'
import { numbers as sampled, workflow } from './workflow.mjs'

const browser = await open()
if (!browser) { console.log('SKIP: no Chromium found. Set CHROMIUM=/path/to/browser.'); process.exit(0) }
const began = Date.now()
const server = await serve()
const { base } = server
const axe = fs.readFileSync(new URL('../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8')
// Rows of a list are alike: the first of them stand for all.
const looked = { exclude: ['tbody tr:nth-child(n+9)', '.posts > .post:nth-child(n+5)', '.picks li:nth-child(n+7)', '.maplist li:nth-child(n+7)', '.netcomms > li:nth-child(n+7)'].map(s => [s]) }
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
let failed = 0, passed = 0
const fail = (...what) => { failed++; console.log('FAIL', ...what) }
const check = (what, ok, more = '') => (ok ? passed++ : fail(what, more))
const row = 'tbody tr[data-id]'
/** Rows are drawn as the reader comes near them: goes down to the last and back. */
const drawn = async (p, n) => {
  await p.waitForFunction(n => { scrollTo(0, document.documentElement.scrollHeight); return document.querySelectorAll('tbody tr[data-id]').length === n }, n)
  await p.evaluate(() => scrollTo(0, 0))
}
const settled = p => p.waitForFunction(() => !document.querySelector('.skels,[aria-busy=true]') && document.querySelector('#main'))

/** Watches a page for everything that must not happen on any. */
function watch(p, origin = base) {
  const bad = []
  p.on('pageerror', e => bad.push('error: ' + e.message))
  p.on('console', m => { if (m.type() === 'error' || /content security/i.test(m.text())) bad.push('console: ' + m.text().slice(0, 200)) })
  p.on('dialog', d => { bad.push('dialog: ' + d.message()); void d.dismiss() })
  p.on('request', r => { if (!r.url().startsWith(origin + '/') && !r.url().startsWith('data:')) bad.push('leaves the origin: ' + r.url().slice(0, 200)) })
  return bad
}
const sideways = p => p.evaluate(() => document.documentElement.scrollWidth - innerWidth)

async function pagesOf(brand, ids) {
  const b = '/b/' + encodeURIComponent(brand)
  return [
    ['advocates', b + '/advocates', p => p.waitForSelector(row)],
    ['view', b + '/advocates?view=positive', p => p.waitForSelector('.whycell')],
    ['weights', b + '/advocates?tune=1&weights=affinity%3D.7,volume%3D.1,reach%3D.1,network%3D.1', p => p.waitForSelector('.sliders')],
    ['empty', b + '/advocates?q=nobodyiscalledthis', p => p.waitForSelector('.state')],
    ['drawer', b + '/advocates?person=' + ids[1], p => p.waitForSelector('.dbig')],
    ['person', b + '/people/' + ids[0], p => p.waitForSelector('.dbig')],
    ['person-posts', b + '/people/' + ids[0], async p => { await p.waitForSelector('.dbig'); await p.locator('[role=tab]').nth(1).click(); await p.waitForSelector('.judge') }],
    ['person-who', b + '/people/' + ids[2], async p => { await p.waitForSelector('.dbig'); await p.locator('[role=tab]').nth(2).click(); await p.waitForSelector('.idrow') }],
    ...['notes', 'history', 'privacy'].map(tab => ['person-' + tab, `${b}/people/${ids[1]}?tab=${tab}`, p => p.waitForSelector({ notes: '.noteform', history: '.changes', privacy: '.letter' }[tab])]),
    ['bulk', b + '/advocates?view=shortlist', async p => { await p.waitForSelector(row); await p.locator(row + ' input').first().click(); await p.waitForSelector('.bulk') }],
    ['compare', b + '/compare?ids=' + ids.slice(0, 3).join(','), p => p.waitForSelector('table.compare')],
    ['overview', b + '/overview', p => p.waitForSelector('.kpi')],
    ['map', b + '/map', p => p.waitForSelector('.scatter,.state')],
    ...net.pages(b),
    ['mentions', b + '/mentions', p => p.waitForSelector('.judge')],
    ['mentions-why', b + '/mentions?sort=engagement', async p => { await p.waitForSelector('.judge'); await p.locator('.whyb').nth(1).click(); await p.waitForSelector('.tonewhy p') }],
    ['content', b + '/content', p => p.waitForSelector('.tonesplit')],
    ['portfolio', b + '/portfolio', p => p.waitForSelector('.picks li,.state')],
    ['backtest', b + '/backtest', p => p.waitForSelector('.verdict')],
    ['scans', b + '/scans', p => p.waitForSelector('.health')],
    ...settingsPages(b),
    ['lost', b + '/nowhere', p => p.waitForSelector('.state')],
  ]
}

async function matrix(pages) {
  const work = [['es', 1440], ['en', 1440], ['es', 390], ['en', 390]]
  const shots = process.env.SHOTS
  const one = async ([locale, width]) => {
    const c = await context(browser, { locale, width, height: width < 500 ? 844 : 900 }), p = await c.newPage(), bad = watch(p)
    for (const [name, url, ready] of pages) {
      bad.length = 0
      // The first window loads every page anew; in the others one leads to the next, as somebody at work goes.
      if (locale === 'es' && width === 1440 || p.url() === 'about:blank') await p.goto(base + url)
      else await p.evaluate(u => { history.pushState(null, '', u); dispatchEvent(new Event('adalid:address')) }, url)
      await p.waitForFunction(u => location.pathname + location.search === u, url)
      await p.waitForTimeout(50)
      await ready(p)
      await settled(p)
      await p.evaluate(`window.axe || (() => { ${axe} })()`)
      for (const theme of ['light', 'dark']) {
        const label = `${name} ${locale} ${theme} ${width}`
        await p.evaluate(t => { document.documentElement.dataset.theme = t }, theme)
        // Between the themes nothing but colours differs.
        const rules = theme === 'light' ? { type: 'tag', values: tags } : { type: 'rule', values: ['color-contrast', 'link-in-text-block'] }
        const found = await p.evaluate(`axe.run(${JSON.stringify(looked)}, { runOnly: ${JSON.stringify(rules)}, resultTypes: ['violations'] }).then(r => r.violations.map(v => v.id + ' ' + v.nodes.length + ': ' + v.nodes.slice(0, 2).map(n => n.target.join(' ') + ' ' + ((n.any[0] || n.all[0] || {}).message || '')).join(' | ')))`)
        check(label, found.length === 0, found.join('; '))
        if (shots) await p.screenshot({ path: `${shots}/${label.replaceAll(' ', '-')}.png`, fullPage: true })
      }
      const wide = await sideways(p)
      check(`${name} ${locale} ${width} does not scroll sideways`, wide <= 0, wide)
      check(`${name} ${locale} ${width} quiet`, bad.length === 0, [...new Set(bad)].join(' | '))
      if (locale === 'es' && width === 390) {
        await p.setViewportSize({ width: 320, height: 700 })
        const narrow = await sideways(p)
        check(`${name} does not scroll sideways at 320 px`, narrow <= 0, narrow)
        await p.setViewportSize({ width: 390, height: 844 })
      }
    }
    await c.close()
  }
  await Promise.all([one(work[0]).then(() => one(work[3])), one(work[1]).then(() => one(work[2]))])
}

async function walk(brand, ids) {
  const list = '/b/' + encodeURIComponent(brand) + '/advocates'
  const c = await context(browser, { locale: 'en' }), p = await c.newPage(), bad = watch(p)
  const focused = () => p.evaluate(() => document.activeElement?.id || document.activeElement?.textContent || document.activeElement?.tagName)
  const names = () => p.locator(row + ' .nm a').allTextContents()
  await p.goto(base + '/')
  await p.waitForSelector(row)
  check('/ leads to the list', new URL(p.url()).pathname === list, p.url())
  await drawn(p, 50)
  await p.keyboard.press('Tab')
  check('the first Tab reaches the skip link', (await focused()) === 'Skip to content', await focused())
  await p.keyboard.press('Enter')
  check('it leads to the main part', (await focused()) === 'main', await focused())

  await p.keyboard.press('j'); await p.keyboard.press('j'); await p.keyboard.press('x')
  check('j j x selects the second row', (await p.locator(row).nth(1).getAttribute('data-sel')) === 'true')
  const link = await focused()
  await p.keyboard.press('o'); await p.waitForSelector('.dbig')
  check('o opens the drawer with the focus inside', await p.evaluate(() => !!document.activeElement.closest('dialog')))
  check('the drawer is in the address', p.url().includes('person='))
  await p.locator('[role=tab]').first().focus(); await p.keyboard.press('ArrowRight')
  check('arrows move through the tabs', (await p.locator('[role=tab]').nth(1).getAttribute('aria-selected')) === 'true')
  await p.keyboard.press('Escape'); await p.waitForSelector('dialog', { state: 'detached' })
  check('Esc brings the focus back to the row', (await focused()) === link, await focused())
  await p.goBack(); await p.waitForSelector('.dbig'); await p.goForward(); await p.waitForSelector('dialog', { state: 'detached' })
  check('back and forward open and close the drawer', true)
  await p.keyboard.press('?'); await p.waitForSelector('dialog.small')
  await p.locator('dialog.small input').uncheck(); await p.keyboard.press('Escape'); await p.waitForSelector('dialog', { state: 'detached' })
  const before = await focused()
  await p.keyboard.press('j')
  check('single keys can be switched off', (await focused()) === before)
  await p.evaluate(() => localStorage.removeItem('adalid.keys'))
  await p.keyboard.press('/')
  check('/ goes to the search', (await p.evaluate(() => document.activeElement.type)) === 'search')

  await p.locator(row).nth(2).locator('[data-act=score]').focus(); await p.keyboard.press('Enter'); await p.waitForSelector('.receipt')
  const shares = (await p.locator('.receipt dl > div dd:last-child').allTextContents()).map(Number)
  check('the points of the parts add up to the score', Math.abs(shares.slice(0, -1).reduce((a, b) => a + b, 0) - shares.at(-1)) < 0.25, shares.join(' '))
  await p.keyboard.press('Escape'); await p.waitForTimeout(60)
  check('the receipt gives the focus back', (await p.evaluate(() => document.activeElement.dataset.act)) === 'score')

  await p.locator('.chip').first().click(); await p.locator('.opt', { hasText: 'Mastodon' }).click(); await p.keyboard.press('Escape')
  await p.waitForFunction(() => document.querySelectorAll('tbody tr[data-id]').length && [...document.querySelectorAll('tbody tr[data-id]')].every(r => r.querySelector('.plats [aria-label=Mastodon]')))
  check('a filter goes to the address', p.url().includes('platform=mastodon'))
  await p.goBack(); check('back undoes the filter', !p.url().includes('platform'))
  await p.locator('.notes .linkb').first().click()
  check('what is left out can be shown', /all=1|include=/.test(p.url()), p.url())
  await p.goto(base + list + '?include=organisations&organisations=hide'); await p.waitForSelector(row) // the second as addresses had it once
  await p.locator('.notes li', { hasText: 'Organisations are listed too.' }).locator('.linkb').click()
  check('organisations are listed and left out again', !p.url().includes('include='), p.url())
  await p.goto(base + list); await p.waitForSelector(row)
  await p.locator('.tfoot .btn').click(); await drawn(p, 100)
  check('the next page is shown', true)
  await p.locator('th button', { hasText: 'Mentions' }).click()
  await p.waitForFunction(() => { const m = [...document.querySelectorAll('tbody tr[data-id] td:nth-child(6)')].map(x => parseInt(x.firstChild.textContent)); return m.length && m.every((v, i) => !i || v <= m[i - 1]) })
  await drawn(p, 50)
  const mentions = await p.locator('tbody tr[data-id] td:nth-child(6)').evaluateAll(cells => cells.map(x => parseInt(x.firstChild.textContent)))
  check('a sort sorts', mentions.every((v, i) => !i || v <= mentions[i - 1]) && mentions[0] > mentions.at(-1), mentions.join(' '))

  // Weights moved with the keyboard give the order that the API gives.
  await p.goto(base + list + '?tune=1'); await p.waitForSelector('.sliders'); await p.waitForSelector(row); await settled(p)
  await p.locator('#w-network').focus()
  for (let i = 0; i < 60; i++) await p.keyboard.press('ArrowRight')
  await p.waitForFunction(() => /weights=/.test(location.search)); await p.waitForTimeout(400); await settled(p)
  const sum = (await p.locator('.sliders output').allTextContents()).map(x => parseInt(x)).reduce((a, b) => a + b)
  check('weights sum to 100', sum === 100, sum)
  const weights = new URL(p.url()).searchParams.get('weights')
  const told = await api(base, `/brands/${encodeURIComponent(brand)}/advocates?limit=50&weights=${weights}`)
  await p.waitForFunction(id => document.querySelector('tbody tr[data-id]')?.dataset.id === id, told.items[0].id); await drawn(p, 50)
  const shown = await p.locator(row).evaluateAll(r => r.map(x => x.dataset.id))
  check('weights moved here order as the API does', shown.length === 50 && shown.every((id, i) => id === told.items[i].id))
  check('moves are shown', (await p.locator('.rank .up, .rank .down').count()) > 0)

  await p.goto(base + list); await p.waitForSelector(row)
  for (const i of [0, 1]) await p.locator(row).nth(i).locator('input').click()
  const two = (await names()).slice(0, 2)
  await p.locator('.bulk a[href*=compare]').click(); await p.waitForSelector('table.compare')
  check('two people are compared', two.every(async n => (await p.locator('table.compare thead').textContent()).includes(n)))
  await p.waitForSelector('.ratios')
  const factors = await p.locator('.ratios dd:last-child b').evaluateAll(b => b.map(x => parseFloat(x.textContent.slice(1))))
  check('the ratios multiply to the last', Math.abs(factors.slice(0, -1).reduce((a, b) => a * b, 1) - factors.at(-1)) < 0.04, factors.join(' '))

  await p.locator('.seg button[lang=es]').click(); await p.waitForFunction(() => document.documentElement.lang === 'es')
  check('the language switches', (await p.locator('h1').textContent()) === 'Comparar')
  await p.locator('.seg button[lang=en]').click(); await p.waitForFunction(() => document.documentElement.lang === 'en')

  // Corrections and marks, each taken back.
  await p.goto(base + '/b/' + encodeURIComponent(brand) + '/mentions'); await p.waitForSelector('.judge')
  const first = p.locator('.feed .post').first()
  const was = await first.locator('.judge [aria-pressed=true]').textContent()
  const next = was === 'negative' ? 'positive' : 'negative'
  await first.locator('.judge button', { hasText: next }).click()
  await p.waitForSelector('.toast')
  check('a correction shows', (await first.locator('.judge [aria-pressed=true]').textContent()) === next && (await first.textContent()).includes('set by your team'))
  await p.locator('.toast .btn').click()
  await p.waitForFunction(w => { const x = document.querySelector('.feed .post'); return x.querySelector('.judge [aria-pressed=true]')?.textContent === w && x.textContent.includes('rated automatically') }, was)
  check('its undo takes it back', true)
  // What decided, by keyboard alone: as the API says it, and of the team's word first.
  const key = (await api(base, `/brands/${encodeURIComponent(brand)}/mentions?authored=true&limit=1`)).items[0].key
  const why = await api(base, `/brands/${encodeURIComponent(brand)}/mentions/${encodeURIComponent(key)}/sentiment?limit=8`)
  await first.locator('.whyb').focus(); await p.keyboard.press('Enter'); await p.waitForSelector('.tonewhy li')
  const decided = await p.locator('.tonewhy li').evaluateAll(l => l.map(x => [x.querySelector('bdi')?.textContent ?? '', x.querySelector('b').textContent]))
  const texts = (await p.locator('.feed .post p').first().textContent())
  check('what decided is what the API says', decided.length === why.reasons.length + 1 && why.reasons.every((r, i) => decided[i][0] === (r.text ?? '') && decided[i][1] === (r.for === 'opinion' ? 'an opinion' : r.for) && (r.text === null || texts.includes(r.text))), JSON.stringify([decided, why.reasons]))
  check('the focus is led inside', await p.evaluate(() => document.activeElement.className === 'tonewhy'))
  await p.keyboard.press('Escape'); await p.waitForSelector('.tonewhy', { state: 'detached' })
  check('Esc leads back to the question', await p.evaluate(() => document.activeElement.classList.contains('whyb')))
  await first.locator('.judge button', { hasText: next }).click(); await p.waitForSelector('.toast')
  await first.locator('.whyb').click(); await p.waitForFunction(() => document.querySelector('.tonewhy')?.textContent.includes('Your team says'))
  check("the team's word comes first", (await p.locator('.tonewhy p').first().textContent()) === `Your team says ${next}. That wins.`)
  await p.keyboard.press('Escape'); await p.locator('.toast .btn').last().click(); await p.waitForFunction(() => document.querySelector('.feed .post').textContent.includes('rated automatically'))
  await first.locator('.judge .ghost').click(); await p.waitForSelector('.feed .post.out')
  const out = await api(base, `/brands/${encodeURIComponent(brand)}/mentions?left_out=true`)
  check('a mark leaves the post out', out.items.length === 1)
  await p.locator('.toast .btn').click(); await p.waitForFunction(() => !document.querySelector('.feed .post.out'))
  check('its undo brings the post back', (await api(base, `/brands/${encodeURIComponent(brand)}/mentions?left_out=true`)).items.length === 0)

  // A team's word on a person, from inside the drawer.
  await p.goto(base + list + '?person=' + ids[4]); await p.waitForSelector('.dbig'); await settled(p)
  await p.locator('dialog .btn', { hasText: 'It is automated' }).click(); await p.waitForSelector('dialog .toast')
  await p.waitForFunction(() => document.querySelector('dialog .pill')?.textContent.includes('says your team'))
  await p.locator('dialog .toast .btn').click()
  await p.waitForFunction(() => !document.querySelector('dialog .pill')?.textContent.includes('says your team'))
  check('a verdict inside the drawer is undone there', true)

  // Small screens: the menu holds the navigation.
  await p.setViewportSize({ width: 390, height: 844 }); await p.goto(base + list); await p.waitForSelector(row)
  await p.locator('.top .show-md').first().click(); await p.waitForSelector('dialog.sidedialog')
  await p.locator('dialog.sidedialog a', { hasText: 'Backtest' }).click(); await p.waitForSelector('.verdict')
  check('the menu leads to a page and closes', (await p.locator('dialog').count()) === 0)
  const links = new Set(await p.locator('nav a').evaluateAll(a => a.map(x => x.getAttribute('href'))))
  check('every link of the navigation leads to a page', links.size >= 8)
  check('the walk was quiet', bad.length === 0, [...new Set(bad)].join(' | '))
  await c.close()
}

/** Accounts told apart and a place in the brand's circle, decided on a person's page and taken back. */
async function decisions(brand) {
  const b = encodeURIComponent(brand), c = await context(browser, { locale: 'en' }), p = await c.newPage(), bad = watch(p)
  const who = async id => { await p.goto(`${base}/b/${b}/people/${id}`); await p.waitForSelector('.dbig'); await p.locator('[role=tab]').nth(2).click(); await p.waitForSelector('.idrow') }
  const suggested = async () => (await api(base, `/brands/${b}/identities`)).total
  const before = await suggested()
  await who((await api(base, `/brands/${b}/identities`)).items[0].a.id)
  await p.locator('.btn', { hasText: 'Different people' }).click(); await p.waitForSelector('.toast')
  check('accounts told apart are not suggested again', (await suggested()) === before - 1)
  await p.locator('.toast .btn').click(); await p.locator('.btn', { hasText: 'Different people' }).waitFor()
  check('until that is taken back', (await suggested()) === before)
  await p.locator('.btn', { hasText: 'The same person' }).click(); await p.waitForSelector('.toast')
  check('accounts joined are one person', (await suggested()) === before - 1)
  await p.locator('.toast .btn').click(); await p.locator('.btn', { hasText: 'The same person' }).waitFor()
  check('until that is taken back too', (await suggested()) === before)

  const circle = async id => (await api(base, `/brands/${b}/circle`)).items.find(m => m.id === id)?.status
  const member = (await api(base, `/brands/${b}/circle`)).items.find(m => m.status === 'suggested').id
  await who(member)
  await p.locator('.btn', { hasText: /^Yes: / }).click(); await p.waitForSelector('.toast')
  check('a role is confirmed', (await circle(member)) === 'confirmed')
  await p.locator('.toast .btn').click(); await p.locator('.btn', { hasText: /^Yes: / }).waitFor()
  check('and taken back', (await circle(member)) === 'suggested')
  check('deciding was quiet', bad.length === 0, [...new Set(bad)].join(' | '))
  await c.close()
}

/** What the list shows of 200 people is what the API says. */
async function numbers(brand) {
  const c = await context(browser, { locale: 'en' }), p = await c.newPage()
  // As a busy page tells it: that the end of the list was out of sight, and that it is in sight, at once.
  await p.addInitScript(() => { const Plain = IntersectionObserver; window.IntersectionObserver = class extends Plain { constructor(tell, o) { super(now => tell([{ isIntersecting: false, boundingClientRect: now[0].boundingClientRect }, ...now]), o) } } })
  await p.goto(base + '/b/' + encodeURIComponent(brand) + '/advocates'); await p.waitForSelector(row)
  await p.locator('.tfoot .btn').waitFor()
  const pair = (await api(base, `/brands/${encodeURIComponent(brand)}/identities`)).items[0]
  const joined = `/brands/${encodeURIComponent(brand)}/identities/${pair.a.id}/${pair.b.id}`
  await api(base, joined, { method: 'PUT', body: '{"decision":"accepted"}' }); await api(base, joined, { method: 'DELETE' }) // the data are others now, the people the same
  for (let n = 100; n <= 200; n += 50) { await p.locator('.tfoot .btn').click(); await drawn(p, n) }
  const seen = await p.locator(row).evaluateAll(rows => rows.map(r => ({ id: r.dataset.id, rank: r.querySelector('.rank b').textContent, score: r.querySelector('.score .v').textContent, sentiment: r.querySelector('.sent b')?.textContent ?? null, mentions: r.children[5].firstChild.textContent, reactions: r.children[6].firstChild.textContent, followers: r.children[7].textContent })))
  const told = (await api(base, `/brands/${encodeURIComponent(brand)}/advocates?limit=200`)).items
  const f1 = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 }), whole = new Intl.NumberFormat('en'), compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 })
  const signed = x => (Number(x.toFixed(2)) > 0 ? '+' : Number(x.toFixed(2)) < 0 ? '−' : '') + Math.abs(x).toFixed(2)
  let wrong = 0
  told.forEach((a, i) => {
    const s = seen[i], e = a.evidence
    const ok = s?.id === a.id && s.rank === whole.format(a.rank) && s.score === f1.format(a.score.total) && s.mentions === whole.format(e.mentions) && s.sentiment === (e.sentiment === null ? null : signed(e.sentiment)) && (e.engagement === null || s.reactions === compact.format(e.engagement)) && (e.followers === null ? s.followers.startsWith('—') : s.followers === compact.format(e.followers))
    if (!ok && wrong++ < 3) fail('numbers', JSON.stringify(s), JSON.stringify({ rank: a.rank, score: a.score.total, ...e }))
  })
  check('200 people as the API says', seen.length === 200 && told.length === 200 && wrong === 0, wrong)
  for (const width of [1440, 1419, 1280, 1241, 1240, 1024, 901]) {
    await p.setViewportSize({ width, height: 900 })
    const room = await p.locator(row + ' .person').evaluateAll(list => Math.min(...list.slice(0, 10).map(x => x.closest('td').getBoundingClientRect().right - x.querySelector('.nm').getBoundingClientRect().left)))
    check(`names have room at ${width} px`, room >= 110, room)
  }
  await c.close()
}

/** Nothing in names, handles, posts or a brand's name runs, loads or links anywhere. */
async function attacks() {
  await api(base, '/brands', { method: 'POST', body: JSON.stringify({ name: hostile.brand, query: 'love' }) })
  const pushed = await api(base, `/brands/${encodeURIComponent(hostile.brand)}/mentions`, { method: 'POST', body: hostile.rows(), type: 'application/x-ndjson' })
  check('the hostile rows are in', pushed.new >= 140, JSON.stringify(pushed).slice(0, 300))
  const list = await api(base, `/brands/${encodeURIComponent(hostile.brand)}/advocates?limit=5&all=true`)
  const ids = list.items.map(a => a.id)
  for (const width of [1440, 320]) {
    const c = await context(browser, { locale: 'en', width }), p = await c.newPage(), bad = watch(p)
    for (const [name, url, ready] of await pagesOf(hostile.brand, ids)) {
      if (name === 'empty' || name === 'lost') continue
      await p.goto(base + url)
      await Promise.race([ready(p), p.waitForSelector('.state', { timeout: 10_000 }).catch(() => {})])
      await settled(p)
      const ran = await p.evaluate(() => ({ run: window.__run, script: document.querySelectorAll('#root script,#root img,#root iframe,#root base,#root meta,#root style,#root math').length, links: [...document.querySelectorAll('a[href]')].filter(a => !/^https?:$/.test(a.protocol)).length }))
      check(`hostile ${name} ${width}`, ran.run === undefined && ran.script === 0 && ran.links === 0, JSON.stringify(ran))
      const wide = await sideways(p)
      check(`hostile ${name} ${width} does not scroll sideways`, wide <= 0, wide)
    }
    check(`hostile texts do nothing at ${width}`, bad.length === 0, [...new Set(bad)].join(' | '))
    await c.close()
  }
}

/** What a page looks like when the server does not answer, refuses or asks for a sign-in; a scan that is followed. */
async function troubles(brand) {
  const list = '/b/' + encodeURIComponent(brand) + '/advocates', scans = '/b/' + encodeURIComponent(brand) + '/scans'
  const c = await context(browser, { locale: 'en' }), p = await c.newPage()
  await p.route('**/api/v1/brands/*/advocates?*', r => r.fulfill({ status: 500, contentType: 'application/problem+json', body: '{"status":500,"code":"internal","detail":"secret","request_id":"ABCDEFGH"}' }))
  await p.goto(base + list); await p.waitForSelector('[role=alert]')
  const said = await p.locator('[role=alert]').textContent()
  check('a failure says the number of the request and nothing else', said.includes('ABCDEFGH') && !said.includes('secret'), said)
  await p.unroute('**/api/v1/brands/*/advocates?*')
  await p.locator('[role=alert] .btn').click(); await p.waitForSelector(row)
  check('trying again works', true)
  await c.setOffline(true); await p.waitForSelector('.banner'); check('being offline is said', true)
  await c.setOffline(false); await p.waitForSelector('.banner', { state: 'detached' })
  await p.goto(base + '/b/No%20such/advocates'); await p.waitForSelector('.state')
  check('an unknown brand is said', (await p.locator('.state').textContent()).includes('No such'))
  await p.goto(base + list + '?where=nonsense%20%3E'); await p.waitForSelector('[role=alert]')
  check('a condition that cannot be read is said', (await p.locator('[role=alert]').textContent()).includes('cannot be read'))

  const leg = (state, read) => ({ source: 'mastodon', state, read, new: read, changed: 0, repeated: 0, rejected: 0, pages: 1, gone: 0, spent_usd: 0, kind: null, reason: null, fix: null, until: null, started: null, finished: null, estimated_posts: null, estimated_usd: null })
  const scan = (state, legs) => ({ id: '7', brand, state, started: '2026-03-01T10:00:00Z', finished: null, new: 3, legs, reason: null, since: null, sources: null, spent_usd: 0 })
  let over = false
  await p.route('**/scans?*', r => r.fulfill({ json: { items: [scan(over ? 'done' : 'running', over ? [leg('done', 9)] : [])] } }))
  await p.route('**/scans/7/events', r => { over = true; return r.fulfill({ contentType: 'text/event-stream', body: [['progress', scan('running', [leg('running', 4)])], ['end', scan('done', [leg('done', 9)])]].map(([e, d]) => `event: ${e}\ndata: ${JSON.stringify(d)}\n\n`).join('') }) })
  await p.goto(base + scans); await p.waitForSelector('.history li')
  await p.waitForFunction(() => !document.querySelector('.live'))
  check('a scan is followed to its end', (await p.locator('.history').textContent()).includes('up to date'))

  await p.route('**/api/v1/brands', r => r.fulfill({ status: 401, contentType: 'application/problem+json', body: '{"status":401,"code":"unauthorized"}' }))
  await p.route('**/lite/sign-in?*', r => r.fulfill({ contentType: 'text/html', body: '<title>sign in</title>' }))
  await p.goto(base + list + '?view=new'); await p.waitForURL('**/lite/sign-in?next=*')
  check('who is not signed in is led to the page for it, and back', new URL(p.url()).searchParams.get('next') === list + '?view=new', p.url())
  await c.close()
}

try {
  const brand = (await api(base, '/brands')).items[0].name
  const ids = (await api(base, `/brands/${encodeURIComponent(brand)}/advocates?limit=8`)).items.map(a => a.id)
  const timed = async (name, f) => { const t = Date.now(); try { await f() } catch (e) { fail(name, e.message.slice(0, 800), /\w+\.mjs:\d+/.exec(e.stack)?.[0] ?? '') } console.log(`${name}: ${((Date.now() - t) / 1000).toFixed(1)} s`) }
  const only = process.env.ONLY?.split(',')
  const kit = { browser, base, check, fail, watch, settled, sideways, row, drawn }
  // Something for the pages to show.
  const someone = `/brands/${encodeURIComponent(brand)}/advocates/${ids[1]}`
  await api(base, `/brands/${encodeURIComponent(brand)}/batches`, { method: 'POST', body: JSON.stringify({ people: [ids[1], ids[5]], status: { status: 'shortlisted' }, add_tags: ['prensa'] }) })
  await api(base, someone + '/notes', { method: 'POST', body: JSON.stringify({ text: 'First line.\nSecond line.' }) })
  await api(base, someone + '/tasks', { method: 'POST', body: JSON.stringify({ text: 'Write to her', due: '2026-01-31' }) })
  const parts = { matrix: async () => matrix((await pagesOf(brand, ids)).filter(([name]) => name.startsWith(process.env.PAGES ?? ''))), walk: () => walk(brand, ids), decisions: () => decisions(brand), numbers: () => numbers(brand), settings: () => settings({ base, browser, brand, check, watch }), accounts: () => accounts({ browser, check }), sampled: () => sampled(kit, brand), workflow: () => workflow(kit, brand), edges: () => edges(kit, brand), attacks, troubles: () => troubles(brand), network: async () => { await net.network(base, brand, { check, watch, settled, browser }); await net.small(base, { check, browser }) }, welcome: () => welcome({ browser, axe, check, watch }) }
  const run = async names => { for (const name of names) if (!only || only.includes(name)) await timed(name, parts[name]) }
  // Those with a server of their own go beside the others.
  const apart = ['accounts', 'welcome']
  await Promise.all([run(Object.keys(parts).filter(name => !apart.includes(name))), run(apart)])
} finally {
  await browser.close()
  await server.stop()
}
console.log(`${passed} checks held, ${failed} failed, ${((Date.now() - began) / 1000).toFixed(0)} s`)
process.exit(failed ? 1 : 0)
