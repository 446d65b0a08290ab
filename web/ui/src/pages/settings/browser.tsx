import { useState } from 'react'
import { useI18n } from '../../i18n'
import { keysOn, setKeysOn } from '../../keys'
import { rowHeight, setRowHeight, THEMES, usePrefs } from '../../prefs'

/** What only this browser remembers. */
export default function BrowserTab() {
  const { t, locale } = useI18n()
  const { theme, setTheme, setLocale } = usePrefs()
  const [keys, setKeys] = useState(keysOn), [rows, setRows] = useState(rowHeight)
  return (
    <section className="card pad setcard form">
      <div><h2 className="sech">{t('set_browser')}</h2><p className="muted">{t('br_lead')}</p></div>
      <fieldset className="choice"><legend>{t('lang')}</legend>{(['es', 'en'] as const).map(l => <label key={l} className="opt inline"><input type="radio" name="locale" checked={locale === l} onChange={() => setLocale(l)} /><span lang={l}>{l === 'es' ? 'Español' : 'English'}</span></label>)}</fieldset>
      <fieldset className="choice"><legend>{t('theme')}</legend>{THEMES.map(x => <label key={x} className="opt inline"><input type="radio" name="theme" checked={theme === x} onChange={() => setTheme(x)} />{t(`theme_${x}`)}</label>)}</fieldset>
      <fieldset className="choice"><legend>{t('density')}</legend>{(['comfortable', 'compact'] as const).map(x => <label key={x} className="opt inline"><input type="radio" name="rows" checked={rows === x} onChange={() => { setRows(x); setRowHeight(x) }} />{t(x)}</label>)}</fieldset>
      <fieldset className="choice"><legend>{t('keys_t')}</legend><label className="opt inline"><input type="checkbox" checked={keys} onChange={e => { setKeys(e.target.checked); setKeysOn(e.target.checked) }} />{t('keys_on')}</label><p className="muted">{t('br_keys')}</p></fieldset>
    </section>
  )
}
