// What is easily lost at the edges: middling windows, popovers by keyboard, a
// server that stops, a brand of which nothing was read.
import { context } from './browser.mjs'
import { api, serve } from './server.mjs'

/** Between phone and desk nothing of the list is out of reach. */
async function narrow({ browser, base, check, settled, sideways, row }, page) {
  for (const locale of ['es', 'en']) {
    const c = await context(browser, { locale }), p = await c.newPage()
    for (const view of ['', '?view=positive']) {
      await p.goto(base + page + '/advocates' + view); await p.waitForSelector('.star'); await settled(p)
      for (const width of [768, 901, 1024, 1100, 1199]) {
        await p.setViewportSize({ width, height: 900 })
        const wide = await sideways(p)
        check(`the list${view} does not scroll sideways at ${width} ${locale}`, wide <= 0, wide)
        const out = await p.locator(row).evaluateAll(rows => rows.slice(0, 10).flatMap(r => [...r.querySelectorAll('.star, .stat, .score, .nm a')]).filter(x => { const b = x.getBoundingClientRect(), of = x.closest('td').getBoundingClientRect(), card = x.closest('.card').getBoundingClientRect(); return b.width === 0 || b.right > card.right + 1 || b.right > of.right + 1 }).map(x => x.className || x.textContent))
        check(`nothing of a row${view} is cut off at ${width} ${locale}`, out.length === 0, out.join())
        const heads = await p.locator('thead th').evaluateAll(list => list.filter(x => x.scrollWidth > x.clientWidth + 1 && x.clientWidth).map(x => x.textContent))
        check(`heads of columns${view} fit at ${width} ${locale}`, heads.length === 0, heads.join())
      }
    }
    await c.close()
  }
}

/** The keyboard gets into every popover and back out. */
async function popovers({ browser, base, check, settled, row }, page) {
  const c = await context(browser, { locale: 'en' }), p = await c.newPage()
  await p.goto(base + page + '/advocates'); await p.waitForSelector('.star'); await settled(p)
  await p.waitForFunction(() => !document.querySelector('.saveb').disabled)
  const inside = () => p.waitForFunction(() => document.activeElement?.closest('[popover]') && !document.activeElement.matches('[popover]')).then(() => true, () => false)
  const closed = () => p.waitForFunction(() => !document.querySelector(':popover-open'))
  const openers = { Platform: p.locator('.chip', { hasText: 'Platform' }), Language: p.locator('.chip', { hasText: 'Language' }), Period: p.locator('.chip', { hasText: 'Period' }), 'Custom filter': p.locator('.chip', { hasText: 'Custom filter' }), Save: p.locator('.saveb'), 'row status': p.locator(row + ' [data-act=handle]').first(), Tag: p.locator('.chip', { hasText: 'Tag' }) }
  for (const [name, at] of Object.entries(openers)) {
    await at.focus(); await p.keyboard.press('Enter')
    check(`${name}: the focus goes inside`, await inside(), await p.evaluate(() => document.activeElement.outerHTML.slice(0, 120)))
    await p.keyboard.press('Escape'); await closed(); await p.waitForTimeout(30)
    check(`${name}: Esc brings it back`, await at.evaluate(x => x === document.activeElement))
  }
  await openers.Platform.focus(); await p.keyboard.press('Enter'); await inside(); await p.keyboard.press('Tab'); await closed()
  check('Tab past the end goes on behind the opener', await p.evaluate(() => document.activeElement.textContent.startsWith('Language')), await p.evaluate(() => document.activeElement.outerHTML.slice(0, 120)))
  await openers.Platform.focus(); await p.keyboard.press('Enter'); await inside(); await p.keyboard.press('Shift+Tab'); await closed()
  check('Shift and Tab go back to it', await openers.Platform.evaluate(x => x === document.activeElement))

  const theme = await p.evaluate(() => document.documentElement.dataset.theme)
  await openers.Save.click(); await p.keyboard.type('test? xs')
  await p.waitForSelector('.savedpop')
  check('what is typed into a popover is no shortcut', (await p.evaluate(() => document.documentElement.dataset.theme)) === theme && (await p.locator('dialog').count()) === 0)
  await p.keyboard.press('Escape'); await closed()

  await p.locator(row + ' input').first().click(); await p.waitForSelector('.bulk')
  await p.locator('.bulk .btn', { hasText: 'Tags' }).click(); await inside(); await p.keyboard.press('Escape'); await closed()
  check('Esc in a popover of the bar leaves the selection', (await p.locator('.bulk').count()) === 1)
  await c.close()
}

/** Advocates are counted without the critics who are listed too, and critics have their own heading. */
async function critics({ browser, base, check, settled, row }, brand, page) {
  const c = await context(browser, { locale: 'en' }), p = await c.newPage()
  const told = (await api(base, `/brands/${encodeURIComponent(brand)}/advocates?limit=1`)).counts
  await p.goto(base + page + '/advocates?all=1'); await p.waitForSelector(row); await settled(p)
  await p.waitForFunction(() => /\d/.test(document.querySelector('.kpi dd').textContent))
  check('advocates are counted without critics', (await p.locator('.kpi dd').first().textContent()) === told.total.toLocaleString('en'), await p.locator('.kpi').first().textContent())
  await p.goto(base + page + '/advocates?view=critics'); await p.waitForSelector(row)
  check('critics have a heading of their own', !(await p.locator('.head').textContent()).includes('recommend'))
  // The numbers follow the filters that the server counts by, and name those that it does not.
  await p.goto(base + page + '/advocates?platform=mastodon&status=shortlisted'); await p.waitForSelector('.kpis')
  const voice = (await api(base, `/voice?brands=${encodeURIComponent(brand)}&platform=mastodon`)).brands[0].mentions
  await p.waitForFunction(() => /judged/.test(document.querySelector('.kpis').textContent) && /vs previous/.test(document.querySelector('.kpis').textContent))
  check('mentions of 28 days follow the platform', (await p.locator('.kpi dd.num').nth(2).textContent()) === voice.toLocaleString('en'), voice)
  check('a filter that is not followed is named', (await p.locator('.kpi .delta').evaluateAll(x => x.slice(2).every(d => d.textContent.includes('not applied')))))
  // Who cannot be opened is no link.
  await p.route('**/mentions?*', async r => { const a = await r.fetch(), d = await a.json(); d.items[0].own_account = true; d.items[1].platform = 'youtube'; return r.fulfill({ response: a, json: d }) })
  await p.goto(base + page + '/mentions'); await p.waitForSelector('.judge')
  check('own accounts and people of YouTube are no link', (await p.locator('.feed .post').evaluateAll(x => x.slice(0, 3).map(y => y.querySelectorAll('a.who').length))).join() === '0,0,1')
  await p.setViewportSize({ width: 390, height: 844 })
  check('on a phone too it is said that the data are invented', await p.locator('.page').evaluate(x => x.innerText.includes('Everyone here is fictional')))
  await c.close()
}

/** A server that stops takes nothing from the screen but what it did not send, and all comes back with it. */
async function stopped({ browser, base, check, settled, row }, page) {
  const c = await context(browser, { locale: 'en' }), p = await c.newPage()
  await p.goto(base + page + '/mentions'); await p.waitForSelector('.judge'); await settled(p)
  const down = route => route.abort('connectionrefused')
  await p.route('**/*', down)
  await p.locator('.whyb').first().click()
  await p.waitForSelector('[popover] [role=alert]')
  check('a part that does not come is said where it would be', (await p.locator('[popover] [role=alert]').textContent()).includes('server') && (await p.locator('.feed .post').count()) > 5)
  await p.keyboard.press('Escape')
  await p.locator('.nav a', { hasText: 'Portfolio' }).click(); await p.waitForSelector('#main [role=alert]')
  check('so is a page', (await p.locator('#main').textContent()).includes('The server does not answer'), await p.locator('#main').textContent())
  await p.locator('#main [role=alert] .btn').click(); await p.waitForTimeout(200)
  check('trying again without it changes nothing', (await p.locator('#main [role=alert]').count()) === 1)
  await p.unroute('**/*', down)
  await p.locator('#main [role=alert] .btn').click(); await p.waitForSelector('.picks li,.pfhead')
  check('trying again with it shows the page', true)
  await p.route('**/api/**', down)
  await p.locator('.nav a', { hasText: 'Advocates' }).click(); await p.waitForSelector('[role=alert]')
  await p.waitForFunction(() => !document.querySelector('.kpis .skel, .views .skel'), undefined, { timeout: 8000 }).catch(() => {})
  check('no number waits for ever', (await p.locator('.kpis .skel, .views .skel').count()) === 0)
  await p.unroute('**/api/**', down)
  await p.locator('[role=alert] .btn').click(); await p.waitForSelector(row)
  await p.waitForFunction(() => /\d/.test(document.querySelectorAll('.views .n')[3]?.textContent) && [...document.querySelectorAll('.kpi dd.num:not(.delta)')].every(x => /\d/.test(x.textContent)))
  check('and all numbers come back', true)
  await c.close()
}

/** Nothing was read yet: no shares of nothing, nobody is said to be silent, and it says what to do. */
async function unread({ browser, check, settled }) {
  const server = await serve({ demo: false }), c = await context(browser, { locale: 'en' }), p = await c.newPage()
  try {
    await api(server.base, '/brands', { method: 'POST', body: JSON.stringify({ name: 'Nada', query: 'nada' }) })
    for (const name of ['advocates', 'overview', 'content']) {
      await p.goto(`${server.base}/b/Nada/${name}`); await p.waitForFunction(() => document.querySelector('#main')?.textContent.includes('Nothing has been read'), undefined, { timeout: 8000 }).catch(() => {})
      await settled(p)
      const text = await p.locator('#main').innerText()
      check(`${name} says that nothing was read`, text.includes('Nothing has been read') && !/0%|Nobody (meets|wrote)|Clear filters/.test(text) && (await p.locator('#main a', { hasText: 'Scans' }).count()) > 0, text)
    }
  } finally { await c.close(); await server.stop() }
}

export async function edges(kit, brand) {
  const page = '/b/' + encodeURIComponent(brand)
  await narrow(kit, page); await popovers(kit, page); await critics(kit, brand, page); await stopped(kit, page); await unread(kit)
}
