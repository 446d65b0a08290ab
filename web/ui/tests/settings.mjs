// The settings and who is signed in: on the invented demo, and on a server of its
// own on which people have to sign in.
import { context } from './browser.mjs'
import { api, serve } from './server.mjs'

const TABS = ['brand', 'ranking', 'circle', 'platforms', 'alarms', 'retention', 'access', 'browser']
const go = (p, base, brand, tab) => p.goto(`${base}/b/${encodeURIComponent(brand)}/settings/${tab}`)
const still = p => p.waitForFunction(() => !document.querySelector('.skels,[aria-busy=true]') && document.querySelector('.settings .card'))

/** Every tab, for the matrix of axe, languages, themes and widths. */
export const settingsPages = b => TABS.map(t => ['settings-' + t, b + '/settings/' + t, still])

/** Changes in every tab, each taken back, with the keyboard where that is the question. */
export async function settings({ base, browser, brand, check, watch }) {
  const b = encodeURIComponent(brand), c = await context(browser, { locale: 'en' }), p = await c.newPage(), bad = watch(p)
  const undo = () => p.locator('.toast .btn').click()
  const order = async () => (await api(base, `/brands/${b}/advocates?limit=50`)).items.map(a => a.id).join()

  // Weights: a preview first, nothing for others until they are applied; undo brings the order back.
  await go(p, base, brand, 'ranking'); await still(p)
  const before = await order()
  await p.locator('#rw-reach').focus()
  for (let i = 0; i < 40; i++) await p.keyboard.press('ArrowRight')
  await p.waitForFunction(() => document.querySelector('.unsaved')); await p.waitForTimeout(500); await still(p)
  const sum = (await p.locator('.sliders output').allTextContents()).map(x => parseInt(x)).reduce((a, x) => a + x)
  check('the four weights keep the sum', sum === 100, sum)
  const outputs = Object.fromEntries((await p.locator('.sliders output').evaluateAll(o => o.map(x => [x.htmlFor.value.slice(3), parseInt(x.textContent) / 100]))))
  const would = await api(base, `/brands/${b}/advocates?limit=50&weights=${Object.entries(outputs).map(([k, v]) => `${k}=${v}`).join(',')}&blend=geometric`)
  const shown = await p.locator('.beforeafter tbody tr td:nth-child(3)').allTextContents()
  check('the preview lists as the API would', shown.length === 20 && shown.every((x, i) => x === (would.items[i].accounts[0].name || would.items[i].accounts[0].handle)), shown[0])
  const was = new Set(before.split(',')), entering = would.items.filter(a => !was.has(a.id)).length
  check('who enters and leaves is counted', (await p.locator('.preview [role=status]').textContent()).startsWith(`${entering} p`), entering)
  check('nothing changed for anybody yet', (await order()) === before)
  await p.locator('.testfirst .btn').click(); await p.waitForFunction(() => /went on to recommend you with|Too little|Muy poco/.test(document.querySelector('.testfirst p').textContent), null, { timeout: 60_000 })
  check('the past is asked first', true)
  await p.locator('.fld input').fill('People who are heard')
  await p.reload(); await still(p)
  check('a draft outlives the page', (await p.locator('.fld input').inputValue()) === 'People who are heard')
  await p.locator('.unsaved .primary').click(); await p.waitForSelector('.toast'); await p.waitForFunction(() => !document.querySelector('.unsaved'))
  check('applied weights change the order of the list', (await order()) === would.items.map(a => a.id).join() && (await order()) !== before)
  check('the history says what, by whom and why', /People who are heard/.test(await p.locator('.history li').first().textContent()) && /in force/.test(await p.locator('.history li').first().textContent()))
  await undo(); await p.waitForFunction(() => document.querySelectorAll('.history li').length === 2)
  check('undo brings the order back', (await order()) === before)

  // The query: words as chips, by the keyboard alone; what it would do; saved and taken back.
  await go(p, base, brand, 'brand'); await still(p)
  const query = (await api(base, `/brands/${b}`)).query
  const words = p.locator('.words input')
  await words.nth(1).focus(); await p.keyboard.type('café'); await p.keyboard.press('Enter')
  await p.waitForFunction(() => /−/.test(document.querySelector('.tally .down')?.textContent ?? ''))
  const lost = parseInt((await p.locator('.tally .down').textContent()).replace(/\D/g, ''))
  const told = await api(base, `/brands/${b}/query-test`, { method: 'POST', body: JSON.stringify({ query: `(${query}) -café` }) })
  check('the tester counts as the API does', lost === told.lost.count && lost > 0, `${lost} ${told.lost.count}`)
  check('it shows where', (await p.locator('.tester .post mark').count()) > 0)
  await p.locator('.tester textarea').fill('I love tostalba & <b>café</b>')
  await p.waitForSelector('.qtext.no'); check('a text that would not count', true)
  await p.locator('.word button').last().click(); await p.waitForSelector('.qtext.yes mark')
  check('and one that would, with its place marked', (await p.locator('.qtext mark').allTextContents()).join() === 'tostalba')
  await words.nth(0).fill('tostadora alba'); await p.keyboard.press('Enter'); await p.locator('.unsaved .primary').click(); await p.waitForSelector('.toast')
  check('a query is saved', (await api(base, `/brands/${b}`)).query.endsWith('OR "tostadora alba"'), (await api(base, `/brands/${b}`)).query)
  await undo(); await p.waitForFunction(() => !document.querySelector('.word:nth-child(4)'))
  check('and taken back', (await api(base, `/brands/${b}`)).query === query)
  await p.locator('.seg button', { hasText: 'Query' }).click(); await p.locator('.setgrid form textarea').fill('tostalba AND (')
  await p.waitForSelector('.tester [role=alert]'); check('what is wrong with a query is said', true)
  await p.locator('.unsaved .btn').first().click()

  // Own accounts, circle, retention.
  await go(p, base, brand, 'circle'); await still(p)
  const own = async () => (await api(base, `/brands/${b}/own-accounts`)).items.length, had = await own()
  const { items: mine } = await api(base, `/brands/${b}/own-accounts`), listed = await p.locator('.own li').count(), named = await p.locator('.own bdi').allTextContents()
  check('every own account is listed', listed === had && mine.every(a => named.includes(a.handle ? '@' + a.handle : a.key)), `${listed} of ${had}`)
  await p.locator('.inlineform input').fill('@our.second.account'); await p.keyboard.press('Enter'); await p.waitForSelector('.toast')
  check('an own account is added', (await own()) === had + 1)
  await undo(); await p.waitForFunction(n => document.querySelectorAll('.own li').length === n, listed)
  check('and taken back', (await own()) === had)
  const open = await p.locator('.suggests > li').count()
  await p.locator('.suggests .primary').first().click(); await p.waitForFunction(n => document.querySelectorAll('.suggests > li').length === n - 1, open)
  await undo(); await p.waitForFunction(n => document.querySelectorAll('.suggests > li').length === n, open)
  check('a suggestion is confirmed and taken back', true)
  await go(p, base, brand, 'retention'); await still(p)
  await p.locator('.inlineform input').fill('400'); await p.locator('.inlineform .btn').click(); await p.waitForSelector('.toast')
  check('a retention is set', (await api(base, `/brands/${b}/retention`)).items.some(r => r.platform === 'all' && r.days === 400))
  await undo(); await p.waitForFunction(() => !/400/.test(document.querySelector('.rows')?.textContent ?? ''))
  check('and taken back', !(await api(base, `/brands/${b}/retention`)).items.some(r => r.platform === 'all'))
  await p.locator('.inlineform input').fill('0'); await p.locator('.inlineform .btn').click()
  check('what cannot be is not sent', await p.evaluate(() => !document.querySelector('.inlineform input').validity.valid))

  // Platforms: a source with a secret, which is never shown again; what is wrong stands at its field.
  await go(p, base, brand, 'platforms'); await still(p)
  await p.locator('.sechrow .primary').click(); await p.locator('.kinds button', { hasText: 'YouTube' }).click(); await p.waitForSelector('dialog form')
  const key = p.locator('dialog input[type=password]').first()
  await p.locator('dialog form .primary').click()
  check('a key that is needed is asked for', await key.evaluate(e => !e.validity.valid))
  await key.fill('canary-of-a-key')
  for (const x of await p.locator('dialog input[required]:not([type=password])').all()) if (!(await x.inputValue())) await x.fill('2')
  await p.locator('dialog form .primary').click(); await p.waitForSelector('dialog [role=alert]')
  check('what the server finds wrong stands at its field', await p.locator('dialog [aria-invalid=true]').evaluate(e => e.getAttribute('aria-describedby').split(' ').some(id => document.getElementById(id).matches('[role=alert]'))))
  await p.locator('dialog [aria-invalid=true]').fill('2026-01-31')
  await p.locator('dialog form .primary').click(); await p.waitForSelector('dialog', { state: 'detached' }); await p.waitForSelector('.toast')
  const stored = (await api(base, '/sources')).items.find(s => s.kind === 'youtube')
  check('the source is stored', stored?.secrets.length === 1, JSON.stringify(stored))
  await p.waitForSelector('.sources li:has-text("YouTube") .btn:has-text("Edit")')
  await p.locator('.sources li:has-text("YouTube") .btn:has-text("Edit")').click(); await p.waitForSelector('dialog form')
  check('its key is said to be there and not shown', /A key is set/.test(await p.locator('dialog').textContent()) && (await key.inputValue()) === '' && !(await p.content()).includes('canary-of-a-key') && !(await p.evaluate(() => JSON.stringify(sessionStorage))).includes('canary'))
  await p.keyboard.press('Escape'); await p.waitForSelector('dialog', { state: 'detached' })
  await p.locator('.sources li:has-text("YouTube") .icon').click(); await p.locator('dialog .danger').click(); await p.waitForSelector('dialog', { state: 'detached' })
  check('a source is removed after asking', !(await api(base, '/sources')).items.some(s => s.kind === 'youtube' && s.stored))

  // This browser.
  await go(p, base, brand, 'browser'); await still(p)
  await p.locator('input[name=locale]').first().click(); await p.waitForFunction(() => document.documentElement.lang === 'es')
  check('the language is chosen here too', (await p.locator('h1').textContent()) === 'Ajustes')
  await p.locator('input[name=theme]').nth(1).check(); check('and the theme', (await p.evaluate(() => document.documentElement.dataset.theme)) === 'dark')
  await p.locator('input[name=rows]').nth(1).check()
  await p.goto(`${base}/b/${b}/advocates`); await p.waitForSelector('main.compact'); check('rows are as high as chosen', true)
  await p.evaluate(() => { localStorage.setItem('adalid.locale', 'en'); localStorage.removeItem('adalid.rows'); localStorage.removeItem('adalid.theme') })

  // Single-user mode is said in words; the keyboard reaches the menu and comes back.
  await p.goto(`${base}/b/${b}/settings/alarms`); await still(p)
  await p.locator('.me').focus(); await p.keyboard.press('Enter'); await p.waitForSelector('.accountmenu')
  check('single-user mode is said', /Nobody has to sign in/.test(await p.locator('.accountmenu').textContent()))
  await p.keyboard.press('Escape'); await p.waitForTimeout(60)
  check('the menu gives the focus back', await p.evaluate(() => document.activeElement.classList.contains('me')))

  // Tabs by the keyboard alone.
  await p.locator('.settings .views a').first().focus(); await p.keyboard.press('Tab'); await p.keyboard.press('Enter')
  await p.waitForURL('**/settings/ranking'); check('a tab is opened with the keyboard', true)

  // A brand is removed only after its name was written.
  await api(base, '/brands', { method: 'POST', body: JSON.stringify({ name: 'Short lived', query: 'x' }) })
  await go(p, base, 'Short lived', 'brand'); await still(p)
  await p.locator('.dangerzone .danger').click(); await p.waitForSelector('dialog')
  check('it asks for the name', await p.locator('dialog .danger').isDisabled())
  await p.locator('dialog input').fill('Short lived'); await p.locator('dialog .danger').click(); await p.waitForURL('**/advocates')
  check('then it is removed', !(await api(base, '/brands')).items.some(x => x.name === 'Short lived'))
  check('the settings were quiet', bad.filter(x => !/422|status of 4/.test(x)).length === 0, [...new Set(bad)].join(' | '))
  await c.close()
}

/** Sign-in, invitation, roles, keys and sign-out, on a server on which everybody has to sign in. */
export async function accounts({ browser, check }) {
  const server = await serve({ flags: ['--host', 'adalid.example'] }), { base } = server
  const password = 'tres tristes tigres tragan trigo', other = 'otra frase bien larga de paso'
  try {
    const link = /http:\/\/\S+\/lite\/setup\S+/.exec(server.log())[0]
    const c = await context(browser, { locale: 'en' }), p = await c.newPage()
    const ask = (page, address, init) => page.evaluate(([a, i]) => fetch('/api/v1' + a, i).then(async r => ({ status: r.status, body: await r.json().catch(() => null) })), [address, init])
    // Who is not signed in is led to the page for it, and from there back to where they wanted to be.
    await p.goto(link)
    await p.fill('[name=email]', 'ana@brand.example'); await p.fill('[name=name]', 'Ana Ruiz'); await p.fill('[name=password]', password); await p.locator('[type=submit], button').last().click()
    await p.waitForSelector('tbody tr[data-id]'); check('the first owner begins in the app', /\/advocates$/.test(p.url()), p.url())
    const brand = (await ask(p, '/brands')).body.items[0].name, b = encodeURIComponent(brand)
    await p.locator('.me').click(); await p.waitForSelector('.accountmenu')
    const menu = await p.locator('.accountmenu').textContent()
    check('the menu names who is signed in and the role', menu.includes('Ana Ruiz') && menu.includes('ana@brand.example') && menu.includes('Owner of ' + brand), menu)
    await p.locator('.accountmenu button', { hasText: 'Sign out' }).click(); await p.waitForURL('**/lite/sign-in?*')
    check('signing out leads to the sign-in', /signed out/i.test(await p.textContent('body')))
    await p.goto(`${base}/b/${b}/settings/access`); await p.waitForURL('**/lite/sign-in?*')
    await p.fill('[name=email]', 'ana@brand.example'); await p.fill('[name=password]', 'wrong wrong wrong'); await p.locator('button').last().click()
    await p.waitForSelector('text=wrong'); check('a wrong password is said', /The address or the password is wrong/.test(await p.textContent('body')))
    await p.fill('[name=email]', 'ana@brand.example'); await p.fill('[name=password]', password); await p.locator('button').last().click()
    await p.waitForURL(`**/b/${b}/settings/access`); await still(p)
    check('signing in leads back to where one wanted to be', true)

    // Another brand, an invitation to the first alone, its link shown once.
    await ask(p, '/brands', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ name: 'Secreta zzyzx', query: 'zzyzx' }) })
    await p.fill('input[type=email]', 'vic@brand.example'); await p.locator('.inlineform').first().locator('.btn').click(); await p.waitForSelector('.once')
    const invited = await p.locator('.once input').inputValue()
    check('an invitation shows its link once', invited.startsWith(base + '/lite/invitation?token='), invited)
    await p.locator('.once .ghost').click()
    check('then no more', !(await p.content()).includes(invited.split('=')[1]) && (await p.locator('.users + h3, .rows').first().count()) > 0)
    check('it is listed as open', (await p.textContent('.settings')).includes('vic@brand.example'))

    // The key.
    const keyForm = p.locator('.inlineform').nth(1)
    await keyForm.locator('input').fill('Dashboard'); await keyForm.locator('.btn').click(); await p.waitForSelector('.once')
    const key = await p.locator('.once input').inputValue()
    check('a key is shown', /^adk_[a-z0-9]{12}_/.test(key), key.slice(0, 8))
    const opens = async () => (await fetch(`${base}/api/v1/brands/${b}`, { headers: { Authorization: 'Bearer ' + key } })).status
    check('it opens', (await opens()) === 200)
    await p.reload(); await still(p)
    check('and is never shown again', !(await p.content()).includes(key))
    await p.locator('.rows li', { hasText: 'Dashboard' }).locator('.btn').click(); await p.locator('dialog .danger').click(); await p.waitForSelector('dialog', { state: 'detached' })
    check('revoked, it opens nothing', (await opens()) === 401)
    await p.waitForFunction(() => /API key revoked/.test(document.querySelector('.logtable [title=revoke-key]')?.textContent ?? ''))
    check('the log has it, with who', /Ana Ruiz/.test(await p.textContent('.logtable')))
    const csv = await p.evaluate(() => fetch(document.querySelector('a[download]').href).then(r => r.text()))
    check('the log is a table too', csv.startsWith('n,at,actor_kind') && csv.includes('create-key'))

    // The guest: a viewer of one brand.
    const g = await context(browser, { locale: 'en' }), v = await g.newPage()
    await v.goto(invited); await v.fill('[name=name]', 'Vic'); await v.fill('[name=password]', other); await v.locator('button').last().click()
    await v.waitForSelector('tbody tr[data-id]')
    check('who accepts begins in the app', /\/advocates$/.test(v.url()), v.url())
    await v.goto(`${base}/b/${b}/settings/brand`); await still(v)
    check('a viewer sees no tab for owners, no other brand and nothing to save', !(await v.textContent('.settings .views')).includes('Users and keys') && !(await v.content()).includes('zzyzx') && (await v.locator('.words input').first().getAttribute('readonly')) !== null && (await v.locator('.dangerzone').count()) === 0 && /Changing it takes the role: Manager/.test(await v.textContent('.settings')))
    for (const tab of ['ranking', 'circle', 'platforms', 'alarms', 'retention']) {
      await go(v, base, brand, tab); await still(v)
      check(`a viewer finds no dead control in ${tab}`, (await v.locator('.settings .btn.primary, .settings .btn.danger, .settings .inlineform').count()) === 0 && !(await v.content()).includes('zzyzx') && (await v.locator('.settings [role=alert]').count()) === 0)
    }
    await go(v, base, brand, 'access'); await v.waitForSelector('.state')
    check('a tab for owners says so', /This tab is for owners/.test(await v.textContent('.settings')))
    await v.goto(`${base}/b/Secreta%20zzyzx/settings/brand`); await v.waitForSelector('.state')
    check('another brand does not exist for them', /There is no brand/.test(await v.textContent('main')))
    check('nor for what they ask', (await ask(v, '/brands/Secreta%20zzyzx/ranking')).status === 404 && (await ask(v, `/brands/${b}/ranking`, { method: 'PUT', headers: { 'Content-Type': 'application/json' }, body: '{}' })).status === 403)

    // A role is changed and taken back; the guest's session ends with it.
    await p.reload(); await still(p)
    const row = p.locator('.users li', { hasText: 'Vic' })
    await row.locator('select').selectOption('manager'); await p.waitForSelector('.toast')
    const role = async () => (await ask(p, '/users')).body.items.find(u => u.name === 'Vic').roles[0].role
    check('a role is changed', (await role()) === 'manager')
    await p.locator('.toast .btn').click(); await p.waitForFunction(() => [...document.querySelectorAll('.users li')].some(l => /Vic/.test(l.textContent) && l.querySelector('select').value === 'viewer'))
    check('and taken back', (await role()) === 'viewer')
    await v.goto(`${base}/b/${b}/settings/brand`); await v.waitForURL('**/lite/sign-in?next=*')
    check('a session that ended leads to the sign-in, with the way back', new URL(v.url()).searchParams.get('next') === `/b/${b}/settings/brand`, v.url())

    // One's own password.
    await p.locator('.me').click(); await p.locator('.accountmenu button', { hasText: 'Change password' }).click(); await p.waitForSelector('dialog form')
    const fields = p.locator('dialog input[type=password]')
    await fields.nth(0).fill('not the password'); await fields.nth(1).fill('una frase nueva de paso'); await p.locator('dialog .primary').click(); await p.waitForSelector('dialog [role=alert]')
    check('a wrong present password stands in the form', true)
    await fields.nth(0).fill(password); await p.locator('dialog .primary').click(); await p.waitForSelector('dialog', { state: 'detached' })
    check('the password is changed and the session goes on', (await ask(p, '/me')).status === 200)
    await g.close(); await c.close()
  } finally {
    await server.stop()
  }
}
