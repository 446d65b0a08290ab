// What a team keeps of people, done in the browser and read back from the API;
// and the numbers on screen, all of them, of people drawn from the whole list.
import { context } from './browser.mjs'
import { api } from './server.mjs'

export async function workflow({ browser, base, check, watch, settled, sideways, row }, brand) {
  const b = '/brands/' + encodeURIComponent(brand), page = '/b/' + encodeURIComponent(brand)
  const c = await context(browser, { locale: 'en' }), p = await c.newPage(), bad = watch(p)
  const of = async id => (await api(base, `${b}/advocates/${id}`)).advocate
  const state = async ids => JSON.stringify(await Promise.all(ids.map(async id => { const a = await of(id); return [a.status, a.tags, a.owner] })))
  const undo = async () => { await p.locator('.toast .btn').click(); await p.waitForFunction(() => /Taken back/.test(document.querySelector('.toast')?.textContent ?? '')) }
  const toast = text => p.waitForFunction(t => document.querySelector('.toast')?.textContent.includes(t), text)
  const ids = async () => p.locator(row).evaluateAll(r => r.map(x => x.dataset.id))
  await p.goto(base + page + '/advocates'); await p.waitForSelector('.star'); await settled(p)
  const all = await ids(), candidates = (await api(base, `${b}/advocates?limit=20&status=candidate`)).items.map(a => a.id)

  // By key, and back.
  const first = candidates[0]
  await p.focus('#p-' + first); await p.keyboard.press('s')
  await toast('1 person shortlisted.')
  check('s shortlists', (await of(first)).status === 'shortlisted' && (await p.locator(`tr[data-id="${first}"] .star`).getAttribute('aria-pressed')) === 'true')
  await undo(); check('its undo takes it back', (await of(first)).status === 'candidate')
  await p.waitForFunction(id => document.querySelector(`tr[data-id="${id}"] .star`).getAttribute('aria-pressed') === 'false', first)
  await p.locator(`tr[data-id="${first}"] .star`).click(); await toast('shortlisted'); check('so does the star', (await of(first)).status === 'shortlisted'); await undo()

  // Three at once, with a range; undo restores what the API says exactly.
  const three = all.slice(6, 9), before = await state(three)
  await p.focus('#p-' + three[0]); await p.keyboard.press('x'); await p.keyboard.press('j'); await p.keyboard.press('j'); await p.keyboard.press('Shift+X')
  await p.waitForSelector('.bulk')
  check('Shift x selects the range', (await p.locator('.bulk b').textContent()) === '3 people selected')
  await p.locator('.bulk .btn', { hasText: 'Status' }).click(); await p.locator('.bulk .menu button', { hasText: 'Contacted' }).click()
  await toast('3 people marked as contacted.')
  check('three are changed at once', (await Promise.all(three.map(of))).every(a => a.status === 'contacted'))
  await undo(); check('undo of three restores the API exactly', (await state(three)) === before, before)
  await p.locator('.bulk .btn', { hasText: 'Tags' }).click(); await p.locator('#newtag').fill('Feria <b>'); await p.keyboard.press('Enter')
  await toast('3 people tagged')
  check('a tag is given to three and shown as text', (await p.locator('.kept .tagp', { hasText: 'Feria <b>' }).count()) === 3 && (await of(three[0])).tags.includes('Feria <b>'))
  await undo(); check('and taken again', (await state(three)) === before)
  const csv = await (await fetch(base + await p.locator('.bulk .exports a').first().getAttribute('href'))).text()
  check('these are exported, and only these', csv.trim().split('\n').length === 4 && three.every(id => csv.includes(id)), csv.slice(0, 200))
  await p.locator('.bulk .icon').last().click(); await p.waitForSelector('.bulk', { state: 'detached' })
  await p.locator('thead input').check(); check('all shown are selected', (await p.locator('.bulk b').textContent()).startsWith(parseInt(await p.locator('.tfoot [role=status]').textContent()) + ' ')); await p.locator('thead input').uncheck()

  // A refusal is said, and the screen goes back to what is.
  await p.route('**/batches', r => r.fulfill({ status: 403, contentType: 'application/problem+json', body: '{"status":403,"code":"forbidden"}' }))
  await p.locator(`tr[data-id="${first}"] .star`).click(); await toast('may not')
  check('a refusal leaves the row as it was', (await p.locator(`tr[data-id="${first}"] .star`).getAttribute('aria-pressed')) === 'false')
  await p.unroute('**/batches'); bad.length = 0

  // Not a fit: asked why, gone, shown again on demand, and back.
  await p.locator(`tr[data-id="${first}"] [data-act=handle]`).click(); await p.locator('.stages button', { hasText: 'Not a fit' }).click()
  await p.locator('.whyform .opt', { hasText: 'Not about us' }).click(); await p.locator('.whyform .textinp').fill('another Tostalba'); await p.locator('.whyform .btn').click()
  await toast('leaves the lists'); await p.waitForSelector(`tr[data-id="${first}"]`, { state: 'detached' })
  const kept = (await api(base, `${b}/advocates/${first}/workflow`)).status
  check('not a fit has its reason', kept.status === 'not_a_fit' && kept.reason === 'not_about_us' && kept.text === 'another Tostalba', JSON.stringify(kept))
  await p.locator('.notes li', { hasText: 'not a fit' }).locator('.linkb').click(); await p.waitForSelector(`tr[data-id="${first}"]`)
  check('Show brings them back', p.url().includes('not_a_fit'))
  await p.locator(`tr[data-id="${first}"] [data-act=handle]`).click(); await p.locator('.stages button', { hasText: 'Candidate' }).click(); await toast('candidate again')

  // Filters in the address; a saved view there and back.
  await p.goto(base + page + '/advocates'); await p.waitForSelector('.star')
  await p.locator('.chip', { hasText: 'Tag' }).click(); await p.locator('.opt', { hasText: 'prensa' }).click(); await p.keyboard.press('Escape')
  await p.waitForFunction(() => document.querySelectorAll('tbody tr[data-id]').length === 2)
  check('a tag filters and stands in the address', p.url().includes('tag=prensa'))
  await p.locator('.chip', { hasText: '5+ mentions' }).click(); await p.locator('th button', { hasText: 'Mentions' }).click(); await p.waitForFunction(() => /sort=mentions/.test(location.search)); await settled(p)
  const asked = new URL(p.url()).searchParams, seen = await ids()
  await p.locator('.saveb').click(); await p.locator('.savedpop .textinp').fill('Prensa & radio'); await p.locator('.savedpop form .btn').click()
  await toast('saved'); await p.waitForSelector('.savedv[aria-current]')
  const view = (await api(base, b + '/saved-views')).items[0]
  check('a view is kept as the API has its parameters', view?.name === 'Prensa & radio' && view.query.tag === 'prensa' && view.query.min_mentions === '5' && view.query.sort === 'mentions', JSON.stringify(view))
  await p.goto(base + page + '/advocates'); await p.waitForSelector('.savedv'); await p.locator('.savedv').click(); await p.waitForFunction(() => /tag=prensa/.test(location.search)); await p.waitForFunction(n => document.querySelectorAll('tbody tr[data-id]').length === n, seen.length)
  const again = new URL(p.url()).searchParams
  check('it opens as it was saved', [...asked].every(([k, v]) => k === 'saved' || again.get(k) === v) && (await ids()).join() === seen.join(), p.url())
  await p.locator('.saveb').click(); await p.locator('.savedlist button').last().click(); await toast('removed')
  check('it is removed', (await api(base, b + '/saved-views')).items.length === 0)
  await undo(); check('and brought back', (await api(base, b + '/saved-views')).items[0]?.name === 'Prensa & radio')
  await p.keyboard.press('Escape')

  // Notes, tasks, history on a person's page.
  const who = candidates[3], them = `${b}/advocates/${who}`
  await p.goto(`${base}${page}/people/${who}?tab=notes`); await p.waitForSelector('.noteform')
  await p.locator('#note').fill('Likes\n<script>window.__run=1</script>'); await p.locator('.noteform .btn').click(); await toast('Note saved.')
  await p.waitForSelector('.tabpanel .post')
  check('a note is kept as plain text', (await api(base, them + '/workflow')).notes[0].text === 'Likes\n<script>window.__run=1</script>' && (await p.evaluate(() => window.__run)) === undefined)
  await p.locator('.tabpanel .post .icon').first().click(); await p.locator('.post textarea').fill('Likes it'); await p.locator('.post .noteform .btn.primary').click(); await toast('Note changed.')
  check('it is changed', (await api(base, them + '/workflow')).notes[0].text === 'Likes it')
  await p.waitForFunction(() => document.querySelector('.tabpanel .post p')?.textContent === 'Likes it')
  await p.locator('.tabpanel .post .icon').last().click(); await toast('Note removed.'); await undo()
  check('removed and brought back', (await api(base, them + '/workflow')).notes[0].text === 'Likes it')
  await p.locator('.taskform .textinp').fill('Send a box'); await p.locator('.taskform .dateinp').fill('2020-05-06'); await p.locator('.taskform .btn').click(); await toast('Task added.')
  check('a task has its day', (await api(base, b + '/tasks')).items[0]?.text === 'Send a box' && (await api(base, b + '/tasks')).items[0].due === '2020-05-06')
  await p.goto(base + page + '/overview'); await p.waitForSelector('.tasks li')
  check('the overview names what is due soonest, and that it is late', /Send a box[\s\S]*overdue/.test(await p.locator('.tasks li').first().textContent()))
  await p.locator('.tasks input').first().click(); await toast('Task done.')
  check('done there', (await api(base, them + '/workflow')).tasks[0].done); await undo()
  check('and open again', !(await api(base, them + '/workflow')).tasks[0].done)
  check('a first visit is said to be one', (await p.locator('main').textContent()).includes('first visit'))
  await p.evaluate(([k]) => localStorage.setItem(k, JSON.stringify({ at: Date.now(), before: Date.now() - 21 * 864e5 })), ['adalid.visit.' + brand])
  await p.reload(); await p.waitForSelector('.sincecols'); check('a later one says what changed', /new mention|No new mentions/.test(await p.locator('.sincecols > p').textContent()))
  const stages = await p.locator('.stagelist b').allTextContents()
  check('people per status are counted', stages.length === 6 && Number(stages[0]) === (await api(base, `${b}/advocates?status=shortlisted&all=true&limit=1&include=automated,repeaters,circle,organisations`)).counts.total, stages.join())
  await p.goto(`${base}${page}/people/${who}?tab=history`); await p.waitForSelector('.changes')
  const told = (await api(base, them + '/history')).items
  check('the history has every change', (await p.locator('.changes li').count()) === Math.min(30, told.length) && (await p.locator('.changes').textContent()).includes('Note written'))

  // Told that data are kept; then erased.
  await p.goto(`${base}${page}/people/${who}?tab=privacy`); await p.waitForSelector('.letter')
  const notice = await api(base, them + '/notice')
  check('a letter with blanks is not copied, and what it lacks is said', notice.missing.length === 3 && (await p.locator('.letter').textContent()).includes('[') && (await p.locator('.callout').textContent()).startsWith('Missing: ') && await p.locator('.letter ~ .row8 .btn').first().isDisabled())
  await p.locator('.taskform .textinp').fill('Direct message'); await p.locator('.taskform .btn').click(); await toast('Marked as informed.')
  check('informed', (await api(base, them + '/notice')).channel === 'Direct message'); await undo()
  check('and not, after all', (await api(base, them + '/notice')).state === 'due')
  check('everything about them is a file', (await (await fetch(base + await p.locator('.tabpanel a[download]').getAttribute('href'))).json()).tables.length > 3)
  const button = p.locator('.erase .btn')
  check('erasing waits for the handle', await button.isDisabled())
  await p.locator('.erase .textinp').fill((await of(who)).accounts[0].handle); await button.click(); await toast('Erased')
  check('who was erased is gone', (await fetch(`${base}/api/v1${them}`)).status === 404 && new URL(p.url()).pathname === page + '/advocates')
  await p.waitForSelector(row); check('from the screen too', !(await ids()).includes(who))

  // The group, two side by side, a part of the map.
  await p.goto(base + page + '/portfolio?k=4'); await p.waitForSelector('.picks li')
  const group = (await api(base, `${b}/portfolio?k=50`)).picks.slice(0, 4).map(x => x.person.id), was = await state(group)
  await p.locator('.picks .btn.primary').click(); await toast('shortlisted'); check('the group is shortlisted', (await Promise.all(group.map(of))).every(a => a.status !== 'candidate')); await undo(); check('and back as it was', (await state(group)) === was)
  await p.goto(base + page + '/map'); await p.waitForSelector('.mappick'); await p.locator('.wrapseg button').nth(1).click(); await p.locator('.mappick .btn').first().click(); await p.waitForSelector('.bulk')
  const n = Number((await p.locator('.wrapseg button').nth(1).locator('small').textContent()))
  check('a part of the map is selected', (await p.locator('.bulk b').textContent()).startsWith(String(n)))
  const box = await p.locator('.scatter').boundingBox()
  await p.locator('.wrapseg button').first().click(); await p.mouse.move(box.x + box.width * 0.5, box.y + 30); await p.mouse.down(); await p.mouse.move(box.x + box.width * 0.97, box.y + box.height * 0.6, { steps: 4 }); await p.mouse.up()
  await p.waitForFunction(n => document.querySelector('.bulk b') && !document.querySelector('.bulk b').textContent.startsWith(n + ' '), n).catch(() => {})
  check('a rectangle selects too', (await p.locator('.scatter .on').count()) > 0)

  // Keys.
  await p.goto(base + page + '/advocates'); await p.waitForSelector(row)
  await p.keyboard.press('g'); await p.keyboard.press('s'); await p.waitForFunction(() => location.pathname.endsWith('/scans')); check('g s goes to the scans and stars nobody', true)
  const theme = await p.evaluate(() => document.documentElement.dataset.theme); await p.keyboard.press('t'); check('t changes the theme', (await p.evaluate(() => document.documentElement.dataset.theme)) !== theme); await p.keyboard.press('t')
  await p.keyboard.press('Control+k'); await p.waitForSelector('.commands'); await p.keyboard.type('compare nobody'); await p.locator('.commands input').fill('port'); await p.keyboard.press('Enter'); await p.waitForFunction(() => location.pathname.endsWith('/portfolio')); check('Ctrl K goes anywhere', (await p.locator('dialog').count()) === 0)

  // Paper.
  await p.goto(`${base}${page}/people/${candidates[1]}`); await p.waitForSelector('.dbig'); await settled(p); await p.emulateMedia({ media: 'print' })
  check('no control is printed', (await p.locator('button:visible:not(.pillb):not(.score), input:visible, select:visible, .side:visible').count()) === 0, await p.locator('button:visible:not(.pillb):not(.score), input:visible').evaluateAll(x => x.slice(0, 3).map(e => e.outerHTML.slice(0, 90)).join()))
  await p.emulateMedia({ media: 'screen' })

  // Who may only look sees no control that changes anything.
  await p.route('**/api/v1/me', r => r.fulfill({ json: { kind: 'person', id: 'v', name: 'V', email: null, single_user: false, roles: [{ brand, role: 'viewer' }] } }))
  await p.goto(base + page + '/advocates'); await p.waitForSelector(row); await settled(p)
  check('a viewer sees no star, menu or saving', (await p.locator('.star, [data-act=handle], .saveb').count()) === 0)
  await p.locator('thead input').check(); await p.waitForSelector('.bulk'); check('nor acts in the bar', (await p.locator('.bulk button:visible').count()) === 1)
  await p.goto(`${base}${page}/people/${candidates[1]}?tab=notes`); await p.waitForSelector('.tabpanel'); await settled(p)
  check('nor forms on a person', (await p.locator('.noteform, .taskform, .standing button, .tasks input').count()) === 0 && (await p.locator('[role=tab]', { hasText: 'Privacy' }).count()) === 0)
  check('the workflow does not scroll sideways', (await sideways(p)) <= 0)
  check('the workflow was quiet', bad.length === 0, [...new Set(bad)].join(' | '))
  await c.close()
}

/** 200 people drawn from all of the list, each number that the row shows or says. */
export async function numbers({ browser, base, check, fail, row, drawn }, brand) {
  const c = await context(browser, { locale: 'en' }), p = await c.newPage(), b = '/brands/' + encodeURIComponent(brand)
  await p.goto(base + '/b/' + encodeURIComponent(brand) + '/advocates'); await p.waitForSelector(row)
  const told = []
  for (let cursor = ''; ; ) { const page = await api(base, `${b}/advocates?limit=50${cursor && '&cursor=' + cursor}`); told.push(...page.items); if (!(cursor = page.next_cursor)) break }
  for (let n = 100; n < told.length + 50; n += 50) { const want = Math.min(n, told.length); await p.locator('.tfoot .btn').click(); await drawn(p, want) }
  const seen = new Map(await p.locator(row).evaluateAll(rows => rows.map(r => [r.dataset.id, { text: r.innerText.replace(/\s+/g, ' '), said: r.querySelector('.score')?.textContent ?? '', cells: [...r.children].map(c => c.textContent) }])))
  const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 }), one = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 }), compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 })
  const day = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', timeZone: 'UTC' }), signed = x => (Number(x.toFixed(2)) > 0 ? '+' : Number(x.toFixed(2)) < 0 ? '−' : '') + Math.abs(x).toFixed(2)
  let seed = 7, wrong = 0
  const some = [...told].map(a => [seed = (seed * 48271) % 2147483647, a]).sort((x, y) => x[0] - y[0]).slice(0, 200).map(x => x[1])
  for (const a of some) {
    const s = seen.get(a.id), e = a.evidence, u = a.uncertainty, score = Object.fromEntries(a.score.parts.map(x => [x.name, x]))
    const part = k => `${k[0].toUpperCase() + k.slice(1)} ${!score[k] || score[k].value === null || score[k].imputed ? 'unknown' : whole.format(score[k].value * 100)}`
    const facts = {
      rank: s?.cells[1].startsWith(whole.format(a.rank)) && s.cells[1].includes(u.rank_first === u.rank_last ? whole.format(u.rank_first) : `${whole.format(u.rank_first)}–${whole.format(u.rank_last)}`),
      score: s?.said.includes(one.format(a.score.total)) && s.said.includes(`between ${one.format(u.score_low)} and ${one.format(u.score_high)}`),
      parts: ['affinity', 'volume', 'reach', 'network'].every(k => s?.said.includes(part(k))),
      sentiment: e.sentiment === null ? s?.cells[4].startsWith('—') : s?.cells[4] === signed(e.sentiment),
      mentions: s?.cells[5] === whole.format(e.mentions) + (e.active_days === 1 ? '1 day' : whole.format(e.active_days) + ' days'),
      reactions: e.engagement === null ? s?.cells[6].startsWith('—') : s?.cells[6] === compact.format(e.engagement),
      followers: e.followers === null ? s?.cells[7].startsWith('—') : s?.cells[7] === compact.format(e.followers),
      last: e.last ? s?.cells[8].replace(/\s/g, ' ') === day.format(new Date(e.last)) : s?.cells[8].startsWith('—'),
      flags: a.flags.filter(f => f.code === 'automated' && !f.team).every(f => s?.cells[2].includes(whole.format(f.probability * 100) + '%')),
    }
    const off = Object.entries(facts).filter(([, ok]) => !ok).map(([k]) => k)
    if (off.length && wrong++ < 3) fail('sampled', a.id, off.join(), JSON.stringify(s))
  }
  check('200 people drawn from the whole list have the numbers of the API', some.length === 200 && wrong === 0, `${some.length} drawn of ${told.length}, ${wrong} wrong`)
  await c.close()
}
