import { useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { Check, X } from 'lucide-react'
import { STATUSES, useAct, type Status, type Target } from '../acts'
import { colleaguesQuery, tagsQuery } from '../api'
import { useI18n, type Key } from '../i18n'

const REASONS = ['on_our_team', 'not_about_us', 'automated', 'other'] as const
export const reasonKey = (r: string) => `why_${r}` as Key

/** All statuses; who is not a fit is asked why, for that becomes a rule under the list. */
export function StatusMenu({ brand, people, onDone }: { brand: string; people: Target[]; onDone: () => void }) {
  const { t } = useI18n()
  const act = useAct(brand)
  const [asking, setAsking] = useState(false)
  const now = people.every(p => p.status === people[0].status) ? people[0].status : undefined
  const to = (status: Status) => {
    if (status === 'not_a_fit') return setAsking(true)
    onDone()
    void act(people, { status: { status } })
  }
  if (asking) return <Why onDone={(reason, text) => { onDone(); void act(people, { status: { status: 'not_a_fit', reason, text: text || undefined } }) }} />
  return (
    <ul className="menu stages">{STATUSES.map(s => (
      <li key={s}><button aria-current={s === now || undefined} aria-haspopup={s === 'not_a_fit' ? 'dialog' : undefined} onClick={() => to(s)}><span className={'pill xs ' + s}>{t(`s_${s}`)}</span>{s === now && <Check aria-hidden />}</button></li>
    ))}</ul>
  )
}

function Why({ onDone }: { onDone: (reason: (typeof REASONS)[number], text: string) => void }) {
  const { t } = useI18n()
  const [reason, setReason] = useState<(typeof REASONS)[number]>('on_our_team')
  const [text, setText] = useState('')
  return (
    <form className="opts whyform" onSubmit={e => { e.preventDefault(); onDone(reason, text.trim()) }}>
      <fieldset><legend>{t('why_ask')}</legend>
        {REASONS.map(r => <label className="opt" key={r}><input type="radio" name="why" autoFocus={r === reason} checked={reason === r} onChange={() => setReason(r)} />{t(`why_${r}`)}</label>)}
      </fieldset>
      <label className="fld"><span>{t('why_text')}</span><input className="textinp" maxLength={500} value={text} onChange={e => setText(e.target.value)} /></label>
      <p className="muted">{t('why_note')}</p>
      <button className="btn primary sm">{t('why_do')}</button>
    </form>
  )
}

/** Tags of people: those that all or some have, to take away; others, to add. */
export function TagEditor({ brand, people, onDone }: { brand: string; people: Target[]; onDone: () => void }) {
  const { t, n } = useI18n()
  const act = useAct(brand)
  const known = useQuery(tagsQuery(brand)).data?.items ?? []
  const [text, setText] = useState('')
  const counts = new Map<string, number>()
  for (const p of people) for (const x of p.tags) counts.set(x, (counts.get(x) ?? 0) + 1)
  const had = [...counts].sort(([a], [b]) => a.localeCompare(b))
  const others = known.filter(k => counts.get(k.name) !== people.length).map(k => k.name)
  const fresh = text.split(',').map(x => x.replace(/"/g, '').trim().slice(0, 40)).filter(Boolean)
  // It closes, so that nothing covers what was done and its undo.
  const add = (list: string[]) => { onDone(); void act(people, { add_tags: list.slice(0, 20) }) }
  return (
    <div className="tagedit">
      {had.length > 0 && <ul className="tagrow" aria-label={t('tags_has')}>{had.map(([x, k]) => <li key={x}><button className="tagp out" onClick={() => { onDone(); void act(people, { remove_tags: [x] }) }}><bdi>{x}</bdi>{people.length > 1 && <small className="num"> {n(k)}</small>}<X aria-hidden /><span className="sr"> {t('tag_drop')}</span></button></li>)}</ul>}
      <form className="row8" onSubmit={e => { e.preventDefault(); if (fresh.length) add(fresh) }}>
        <label className="sr" htmlFor="newtag">{t('tag_new')}</label>
        <input id="newtag" className="textinp" placeholder={t('tag_new')} maxLength={200} autoComplete="off" value={text} onChange={e => setText(e.target.value)} />
        <button className="btn sm" disabled={!fresh.length}>{t('add')}</button>
      </form>
      {others.length > 0 && <ul className="tagrow" aria-label={t('tags_known')}>{others.filter(x => x.toLowerCase().includes(text.trim().toLowerCase())).slice(0, 12).map(x => <li key={x}><button className="tagp" onClick={() => add([x])}><span aria-hidden>+</span><bdi>{x}</bdi><span className="sr"> {t('add')}</span></button></li>)}</ul>}
    </div>
  )
}

export function OwnerMenu({ brand, people, onDone }: { brand: string; people: Target[]; onDone: () => void }) {
  const { t } = useI18n()
  const act = useAct(brand)
  const colleagues = useQuery(colleaguesQuery(brand)).data?.items ?? []
  const to = (owner: { id: string; name: string } | null) => { onDone(); void act(people, { owner }) }
  const now = people.every(p => p.owner?.id === people[0].owner?.id) ? people[0].owner?.id ?? '' : undefined
  return (
    <ul className="menu">
      {colleagues.map(c => <li key={c.id}><button aria-current={now === c.id || undefined} onClick={() => to(c)}><bdi>{c.name}</bdi>{now === c.id && <Check aria-hidden />}</button></li>)}
      <li><button aria-current={now === '' || undefined} onClick={() => to(null)}>{t('owner_none')}{now === '' && <Check aria-hidden />}</button></li>
    </ul>
  )
}
