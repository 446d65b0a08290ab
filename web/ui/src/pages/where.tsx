import { useState } from 'react'
import { useI18n } from '../i18n'

/** A condition that everybody in the list meets. */
export default function Where({ value, onChange }: { value: string; onChange: (v: string) => void }) {
  const { t } = useI18n()
  const [text, setText] = useState(value)
  return (
    <form className="where" onSubmit={e => { e.preventDefault(); onChange(text.trim()) }}>
      <label htmlFor="where">{t('where_l')}</label>
      <textarea id="where" rows={3} spellCheck={false} maxLength={1800} value={text} onChange={e => setText(e.target.value)} />
      <p className="muted">{t('where_h')}</p>
      <ul className="examples">{['affinity >= .6 and followers < 2000', 'recency >= 4 and not platform = reddit', 'mentions >= 10 and sentiment > .3'].map(x => <li key={x}><button type="button" className="linkb mono" onClick={() => setText(x)}>{x}</button></li>)}</ul>
      <div className="row8"><button className="btn primary sm">{t('apply')}</button>{value && <button type="button" className="btn sm" onClick={() => onChange('')}>{t('clear_one')}</button>}</div>
    </form>
  )
}
