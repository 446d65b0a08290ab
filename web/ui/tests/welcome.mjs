// The first run: from an empty data folder to a ranked list, with platforms that
// stand on this machine; then every step under axe, in both languages, themes and
// widths, and with what can go wrong.
import { context } from './browser.mjs'
import { platforms, redirect } from './platforms.mjs'
import { api, serve } from './server.mjs'

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
const sideways = p => p.evaluate(() => document.documentElement.scrollWidth - innerWidth)
const draft = { name: 'La Lumbre', also: ['Lumbre', '#lumbrecafe'], ignore: ['guitar'], marks: {} }

/** check, fail and watch are those of run.mjs. */
export async function welcome({ browser, axe, check, watch }) {
  const stand = await platforms(), host = new URL(stand.base).host
  const server = await serve({ demo: false, env: { ADALID_FETCH_ALLOW_HOSTS: host } })
  const { base } = server
  try {
    await redirect(api, base, stand.base)
    await flow({ browser, base, check, watch, stand })
    await live({ browser, base, check, watch })
    await states({ browser, base, axe, check, watch })
    await narrow({ browser, base, check, watch })
  } finally {
    await server.stop()
    await stand.stop()
  }
}


/** The whole way with the keyboard alone, timed. */
async function flow({ browser, base, check, watch, stand }) {
  const c = await context(browser, { locale: 'en' }), p = await c.newPage(), bad = watch(p, base)
  let previews = 0
  p.on('request', r => { if (r.url().endsWith('/brand-preview')) previews++ })
  const began = Date.now()
  await p.goto(base + '/')
  await p.waitForSelector('#ob-brand')
  check('without a brand the app begins with the first run', new URL(p.url()).pathname === '/welcome', p.url())
  check('the first field has the focus', await p.evaluate(() => document.activeElement?.id === 'ob-brand'))
  check('before anything is typed nothing is asked', stand.asked.length === 0, stand.asked.join())
  await p.keyboard.type('Lumbre', { delay: 30 })
  await p.waitForSelector('.ev mark')
  const typed = Date.now() - began
  check('words are shown where they stand', (await p.locator('.ev mark').first().textContent()).toLowerCase() === 'lumbre')
  check('what is typed is asked for when typing rests', previews < 4, previews)
  await p.keyboard.press('Tab'); await p.keyboard.type('#lumbrecafe'); await p.keyboard.press('Enter')
  await p.waitForSelector('.tag')
  await p.keyboard.type('Cafe Lumbre'); await p.keyboard.press('Tab')
  check('words are added with Enter and by leaving the field', (await p.locator('.tag bdi').allTextContents()).join('|') === '#lumbrecafe|Cafe Lumbre')
  await p.keyboard.press('Tab'); await p.keyboard.press('Enter')
  await p.waitForFunction(() => location.search.includes('step=2'))
  check('the next step begins at its heading', await p.evaluate(() => document.activeElement?.id === 'ob-title'))

  // A wrong post is marked, a word to ignore is offered, and it goes.
  await p.waitForFunction(() => document.querySelectorAll('.ev').length > 3)
  await p.waitForFunction(() => [...document.querySelectorAll('.ev')].some(e => /guitar/.test(e.textContent)), null, { timeout: 15_000 })
  const wrong = p.locator('.ev', { hasText: 'guitar' }).first()
  await wrong.locator('button').focus(); await p.keyboard.press('Space')
  await p.waitForSelector('.ev.wrong')
  await p.waitForSelector('.sugg .chip')
  const offers = await p.locator('.sugg .chip').allTextContents()
  check('a mark proposes words to ignore', offers.some(o => /guitar/.test(o)), offers.join(' | '))
  await p.locator('.sugg .chip', { hasText: 'guitar' }).first().focus(); await p.keyboard.press('Enter')
  await p.waitForFunction(() => ![...document.querySelectorAll('.ev')].some(e => /guitar/.test(e.textContent)))
  check('an ignored word takes its posts away', (await p.locator('.tag.not bdi').allTextContents()).includes('guitar'))
  await p.locator('.go .primary').focus(); await p.keyboard.press('Enter')

  await p.waitForSelector('.plat input')
  const b = (await api(base, '/brands')).items.find(x => x.name === 'Lumbre')
  check('the brand is stored with all words', b && /lumbrecafe/.test(b.query) && /-"guitar"/.test(b.query), b?.query)
  check('what needs no key is chosen', (await p.locator('.plat input:checked').count()) === 3)
  check('what needs a key says so', (await p.locator('.plat', { hasText: 'Needs an API key' }).count()) >= 4)
  await p.locator('.plat', { hasText: 'Reddit' }).locator('.btn').focus(); await p.keyboard.press('Enter')
  check('three lines tell how to get a key', (await p.locator('.setup li').count()) === 3)
  await p.keyboard.press('Enter')
  await p.locator('.go .primary').focus(); await p.keyboard.press('Enter')

  await p.waitForSelector('.lrows li')
  await p.waitForSelector('.first li', { timeout: 60_000 })
  const provisional = Date.now() - began
  await p.waitForFunction(() => !document.querySelector('.go .primary').disabled)
  await p.locator('.tick input').focus(); await p.keyboard.press('Space')
  await p.waitForFunction(() => document.querySelector('.tick input').checked)
  check('one tick scans every day', (await api(base, '/brands/Lumbre/schedule')).cron === '0 7 * * *')
  await p.waitForFunction(() => [...document.querySelectorAll('.lrows li')].every(l => !l.querySelector('.running')), null, { timeout: 60_000 })
  const lines = await p.locator('.lrows li').allTextContents()
  check('each platform has a line', lines.length === 3 && lines.some(l => /Hacker News.*about you/s.test(l)) && lines.some(l => /Lemmy.*(not read|waits|paused)/s.test(l)), lines.join(' | '))
  await p.locator('.go .primary').focus(); await p.keyboard.press('Enter')
  await p.waitForSelector('tbody tr[data-id] .score .v')
  const all = Date.now() - began
  console.log(`first run: words found ${(typed / 1000).toFixed(1)} s, provisional list ${(provisional / 1000).toFixed(1)} s, ranked list ${(all / 1000).toFixed(1)} s after the first page`)
  check('under two minutes to a ranked list', all < 120_000, all)
  check('the first people within 60 s', provisional < 60_000, provisional)
  const told = await api(base, '/brands/Lumbre/advocates?limit=5')
  check('the list is ranked', told.items[0].score !== null && told.counts.people >= 50, JSON.stringify(told.counts))

  // Add a brand leads here again, and out of it.
  await p.locator('button.brandsw').click(); await p.locator('.addbrand a').click(); await p.waitForSelector('#ob-brand')
  check('“Add a brand” begins anew', (await p.locator('#ob-brand').inputValue()) === '')
  await p.keyboard.type('lumbre'); await p.waitForSelector('.bad')
  check('a name that is taken is said at once', (await p.locator('.go .primary').isDisabled()))
  check('the first run was quiet', bad.length === 0, [...new Set(bad)].join(' | '))
  await c.close()
}

/** A file, the invented brand, marks on stored posts; lost lines come back. */
async function live({ browser, base, check, watch }) {
  const c = await context(browser, { locale: 'en' }), p = await c.newPage(), bad = watch(p, base)
  await p.goto(base + '/welcome?brand=Lumbre&step=3'); await p.waitForSelector('.drop input[type=file]', { state: 'attached' })
  const rows = ['id,text,author,date', ...Array.from({ length: 40 }, (_, i) => `${i},I like Lumbre number ${i},ann${i % 9},2026-01-${String(1 + (i % 28)).padStart(2, '0')}T10:00:00Z`), ...Array.from({ length: 12 }, (_, i) => `9${i},Lumbre,ben,some day`)].join('\n')
  await p.locator('.drop input[type=file]').setInputFiles({ name: 'export.csv', mimeType: 'text/csv', buffer: Buffer.from(rows) })
  await p.waitForSelector('.imports .rows')
  await p.waitForFunction(() => /is in/.test(document.querySelector('.imports b').textContent))
  const said = await p.locator('.imports li').textContent()
  check('a file tells its rows and what was refused', /52 rows read/.test(said) && /40 new mentions/.test(said) && /12 rows refused/.test(said) && /date/.test(said) && /41/.test(said), said)
  const dropped = await p.evaluateHandle(text => { const d = new DataTransfer(); d.items.add(new File([text], 'dropped.csv', { type: 'text/csv' })); return d }, rows)
  await p.dispatchEvent('.drop', 'drop', { dataTransfer: dropped })
  await p.waitForFunction(() => document.querySelectorAll('.imports > li').length === 2 && /dropped\.csv is in/.test(document.querySelector('.imports b').textContent))
  check('a dropped file is imported, and its rows are known', /0 new mentions/.test(await p.locator('.imports > li').first().textContent()))
  await p.locator('.drop .btn', { hasText: 'Open the demo' }).click()
  await p.waitForSelector('tbody tr[data-id]', { timeout: 30_000 })
  const demo = (await api(base, '/brands')).items.find(b => b.demo)
  check('the invented brand opens', !!demo && p.url().includes(encodeURIComponent(demo.name)))
  await p.goto(base + '/welcome?brand=Lumbre&step=3'); await p.locator('.drop .btn', { hasText: 'Remove the demo' }).click()
  await p.waitForSelector('.toast'); await p.waitForFunction(() => ![...document.querySelectorAll('.drop .btn')].some(b => /Remove/.test(b.textContent)))
  check('and goes again', !(await api(base, '/brands')).items.some(b => b.demo))

  // A running scan is followed on the overview; a lost line says so and comes back; leaving closes it.
  let calls = 0, mode = 'cut'
  const scan = (state, done) => ({ id: '77', brand: 'Lumbre', state, started: '2026-03-01T10:00:00Z', finished: null, new: 3, reason: null, since: null, sources: ['hackernews', 'mastodon', 'lemmy', 'rss', 'bluesky'], spent_usd: 0, legs: ['hackernews', 'mastodon', 'lemmy', 'rss'].map((s, i) => leg(s, i < done ? 'done' : 'running')) })
  await p.route('**/brands/Lumbre/scans?*', r => r.fulfill({ json: { items: [scan(mode === 'over' ? 'done' : 'running', 1)] } }))
  await p.route('**/brands/Lumbre/scans/77', r => r.fulfill({ json: scan('running', 3) }))
  await p.route('**/scans/77/events', r => {
    calls++
    const event = (name, d) => `event: ${name}\ndata: ${JSON.stringify(d)}\n\n`
    if (mode === 'cut') { mode = 'refuse'; return r.fulfill({ contentType: 'text/event-stream', body: 'retry: 200\n\n' + event('progress', scan('running', 3)) }) }
    if (mode === 'refuse') { mode = 'back'; return r.fulfill({ status: 503, body: '' }) }
    mode = 'over'
    return new Promise(go => setTimeout(go, 800)).then(() => r.fulfill({ contentType: 'text/event-stream', body: event('progress', scan('running', 3)) + event('end', scan('done', 4)) }))
  })
  bad.length = 0
  await p.goto(base + '/b/Lumbre/overview')
  await p.waitForFunction(() => /3 of 5 platforms read/.test(document.querySelector('.callout.calm')?.textContent ?? ''))
  check('the overview counts the platforms of a first scan', /First scan running/.test(await p.locator('.callout.calm').textContent()))
  await p.waitForFunction(() => /connection broke/.test(document.querySelector('.callout.calm')?.textContent ?? ''))
  await p.waitForFunction(() => !document.querySelector('.callout.calm'), null, { timeout: 20_000 })
  check('a lost line says so, comes back and tells the end', calls >= 3, calls)
  await p.waitForTimeout(600)
  check('after the end nothing is asked any more', calls === 3, calls)
  mode = 'cut'
  await p.goto(base + '/b/Lumbre/scans'); await p.waitForSelector('.live .legs li')
  await p.locator('nav a', { hasText: 'Content' }).click(); await p.waitForSelector('.tonesplit,.state')
  const left = calls
  await p.waitForTimeout(2600)
  check('leaving the page closes the line', calls === left, `${left} then ${calls}`)
  check('following was quiet', bad.filter(b => !/503|ERR_FAILED/.test(b)).length === 0, [...new Set(bad)].join(' | '))
  await c.close()
}

const leg = (source, state, more = {}) => ({ source, state, read: 120, new: 40, changed: 0, repeated: 0, suppressed: 0, rejected: 0, pages: 1, gone: 0, spent_usd: 0, kind: null, reason: null, fix: null, until: null, started: null, finished: null, estimated_posts: null, estimated_usd: null, ...more })

/** Every step and state under axe. */
async function states({ browser, base, axe, check, watch }) {
  const shots = process.env.SHOTS
  const remember = d => p => p.addInitScript(v => sessionStorage.setItem('adalid.first', v), JSON.stringify(d))
  const hold = (url, answer) => p => p.route(url, r => r.fulfill({ json: answer }))
  const off = { query: '"Lumbre"', taken: false, read: null, matched: null, ignored: null, posts: [], exclude: [], sources: ['hackernews', 'lemmy', 'mastodon'].map(s => ({ source: s, platform: s, read: null, kind: 'transient', reason: 'no network' })) }
  const none = { ...off, read: 212, matched: 0, ignored: 3, sources: [{ source: 'hackernews', platform: 'hackernews', read: 212, kind: null, reason: null }, off.sources[1]] }
  const until = new Date(Date.now() + 600_000).toISOString()
  const running = { id: '7', brand: 'Lumbre', state: 'running', started: '2026-03-01T10:00:00Z', finished: null, new: 80, reason: null, since: null, sources: ['hackernews', 'mastodon', 'lemmy', 'reddit', 'rss', 'bluesky'], spent_usd: 0, legs: [leg('hackernews', 'done'), leg('mastodon', 'running'), leg('lemmy', 'failed', { kind: 'schema', reason: 'it answered in HTML', fix: 'see whether the server is a Lemmy server' }), leg('reddit', 'paused', { kind: 'rate_limited', reason: 'too many requests', until }), leg('rss', 'stopped', { reason: 'it was told to stop; the next scan goes on where it was' })] }
  const scanning = async p => {
    await p.route('**/brands/Lumbre/scans?*', r => r.fulfill({ json: { items: [running] } }))
    await p.route('**/scans/7/events', () => new Promise(() => {})) // stays open
  }
  const viewer = owners => hold('**/api/v1/me', { kind: 'person', id: 'u1', name: 'Vic', email: 'vic@brand.example', single_user: false, roles: [], owners })
  const marked = { ...draft, ignore: [] }
  const list = [
    ['welcome-brand', '/welcome', [remember({})], p => p.waitForSelector('.calmbox')],
    ['welcome-found', '/welcome', [remember(draft)], p => p.waitForSelector('.ev mark')],
    ['welcome-check', '/welcome?step=2', [remember(marked)], async p => { await p.waitForSelector('.ev'); await p.locator('.ev', { hasText: 'guitar' }).first().locator('button').click(); await p.waitForSelector('.ev.wrong'); await p.waitForSelector('.sugg .chip') }],
    ['welcome-offline', '/welcome', [remember(draft), hold('**/brand-preview', off)], p => p.waitForSelector('.calmbox .btn')],
    ['welcome-none', '/welcome', [remember(draft), hold('**/brand-preview', none)], p => p.waitForSelector('.calmbox')],
    ['welcome-platforms', '/welcome?brand=Lumbre&step=3', [], p => p.waitForSelector('.plat input')],
    ['welcome-setup', '/welcome?brand=Lumbre&step=3', [], async p => { await p.waitForSelector('.plat input'); await p.locator('.plat', { hasText: /^X/ }).locator('.btn').click(); await p.waitForSelector('.setup') }],
    ['welcome-scan', '/welcome?brand=Lumbre&step=4', [scanning], p => p.waitForSelector('.first li')],
    ['welcome-done', '/welcome?brand=Lumbre&step=4', [], p => p.waitForSelector('.first li')],
    ['welcome-ask', '/welcome', [viewer(['Ana Ruiz', 'Ben Ito'])], p => p.waitForSelector('.obask')],
  ]
  const quiet = (label, bad) => check(label + ' quiet', bad.length === 0, [...new Set(bad)].join(' | '))
  for (const [locale, width] of [['es', 1440], ['en', 390], ['en', 1440], ['es', 390]]) for (const [name, url, before, ready] of list) {
    const c = await context(browser, { locale, width, height: width < 500 ? 844 : 900 }), p = await c.newPage(), bad = watch(p, base)
    for (const f of before) await f(p)
    await p.goto(base + url)
    await ready(p)
    await p.waitForFunction(() => !document.querySelector('.skels,.evlist[aria-busy=true]'))
    await p.evaluate(`window.axe || (() => { ${axe} })()`)
    for (const theme of ['light', 'dark']) {
      await p.evaluate(t => { document.documentElement.dataset.theme = t }, theme)
      const rules = theme === 'light' ? { type: 'tag', values: tags } : { type: 'rule', values: ['color-contrast', 'link-in-text-block'] }
      const found = await p.evaluate(`axe.run({ runOnly: ${JSON.stringify(rules)}, resultTypes: ['violations'] }).then(r => r.violations.map(v => v.id + ' ' + v.nodes.length + ': ' + v.nodes.slice(0, 2).map(n => n.target.join(' ') + ' ' + ((n.any[0] || n.all[0] || {}).message || '')).join(' | ')))`)
      check(`${name} ${locale} ${theme} ${width}`, found.length === 0, found.join('; '))
      if (shots) await p.screenshot({ path: `${shots}/${name}-${locale}-${theme}-${width}.png`, fullPage: true })
    }
    const wide = await sideways(p)
    check(`${name} ${locale} ${width} does not scroll sideways`, wide <= 0, wide)
    if (width === 390) {
      await p.setViewportSize({ width: 320, height: 700 })
      const narrow = await sideways(p)
      check(`${name} ${locale} does not scroll sideways at 320 px`, narrow <= 0, narrow)
    }
    quiet(`${name} ${locale} ${width}`, bad)
    await c.close()
  }
}

/** Who may not do something does not see the control for it. */
async function narrow({ browser, base, check, watch }) {
  const c = await context(browser, { locale: 'en' }), p = await c.newPage(), bad = watch(p, base)
  await p.route('**/api/v1/me', r => r.fulfill({ json: { kind: 'person', id: 'u1', name: 'Vic', email: 'vic@brand.example', single_user: false, roles: [{ brand: 'Lumbre', role: 'viewer' }], owners: [] } }))
  await p.goto(base + '/b/Lumbre/scans'); await p.waitForSelector('.health')
  check('a viewer is offered no scan, no file and no new brand', (await p.locator('.head .btn, .drop, select, .addbrand, button.brandsw').count()) === 0)
  await p.goto(base + '/welcome'); await p.waitForSelector('.obask')
  check('a viewer is told whom to ask', /owners of this installation/.test(await p.locator('.obask').textContent()) && (await p.locator('#ob-brand').count()) === 0)
  check('that was quiet', bad.length === 0, [...new Set(bad)].join(' | '))
  await c.close()
}

