// Opens the Chromium that is installed; nothing is downloaded.
import fs from 'node:fs'
import { chromium } from 'playwright-core'

const found = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'].find(p => p && fs.existsSync(p))

/** A browser, or undefined where none is installed; with CI=true that is an error. */
export async function open() {
  if (!found) {
    if (process.env.CI) throw new Error('no Chromium found: set CHROMIUM=/path/to/browser, or run .ci/web')
    return undefined
  }
  return chromium.launch({ executablePath: found, args: ['--no-sandbox', '--disable-gpu', '--disable-quic'] })
}

/** A fresh window with a language and a theme. bypassCSP lets a test put axe into the page; what is checked under the real policy leaves it off. */
export async function context(browser, { locale = 'es', theme = 'light', width = 1440, height = 900, bypassCSP = false } = {}) {
  const c = await browser.newContext({ viewport: { width, height }, bypassCSP, reducedMotion: 'reduce', timezoneId: 'Europe/Madrid' })
  await c.addInitScript(([l, t]) => { localStorage.setItem('adalid.locale', l); localStorage.setItem('adalid.theme', t) }, [locale, theme])
  return c
}
