import { useId, useState, type ClipboardEvent, type KeyboardEvent, type ReactNode } from 'react'
import type { UseQueryResult } from '@tanstack/react-query'
import { Ban, CircleCheck, X } from 'lucide-react'
import { ApiError, client, take, type Schemas } from '../api'
import { useI18n } from '../i18n'
import { Platform, platformName, Skeleton } from '../ui/bits'
import type { Draft } from './welcome'

type Preview = UseQueryResult<Schemas['Preview']>
type Step = { draft: Draft; change: (patch: Partial<Draft>) => void; preview: Preview; children?: ReactNode }

/** A list of words: Enter, a comma or leaving the field adds what is typed, Backspace takes the last one back. */
function Words({ id, label, hint, values, onChange, not, most }: { id: string; label: string; hint: string; values: string[]; onChange: (v: string[]) => void; not?: boolean; most: number }) {
  const { t } = useI18n()
  const [typed, setTyped] = useState('')
  const add = (text: string) => {
    const fresh = text.split(/[,;\n]/).map(x => x.trim().slice(0, 200)).filter(x => x && !values.some(v => v.toLowerCase() === x.toLowerCase()))
    if (fresh.length) onChange([...values, ...new Set(fresh)].slice(0, most))
    setTyped('')
  }
  const keys = (e: KeyboardEvent) => {
    if ((e.key === 'Enter' || e.key === ',') && typed.trim()) { e.preventDefault(); add(typed) }
    if (e.key === 'Backspace' && !typed) onChange(values.slice(0, -1))
  }
  const paste = (e: ClipboardEvent) => { const text = e.clipboardData.getData('text'); if (/[,;\n]/.test(text)) { e.preventDefault(); add(typed + text) } }
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <div className="inp">
        {values.map(x => <span className={'tag' + (not ? ' not' : '')} key={x}><bdi>{x}</bdi><button type="button" onClick={() => onChange(values.filter(y => y !== x))}><X size={13} aria-hidden /><span className="sr">{t('o_remove', { x })}</span></button></span>)}
        <input id={id} value={typed} aria-describedby={id + '-h'} autoComplete="off" autoCapitalize="none" maxLength={400} onChange={e => setTyped(e.target.value)} onKeyDown={keys} onPaste={paste} onBlur={() => typed.trim() && add(typed)} />
      </div>
      <small id={id + '-h'}>{hint}</small>
    </div>
  )
}

/** How people write the brand. */
export function BrandStep({ draft, change, preview, children, onNext }: Step & { onNext: () => void }) {
  const { t } = useI18n()
  const wrong = preview.error instanceof ApiError && preview.error.status === 422 ? preview.error.message : undefined
  const taken = !!preview.data?.taken && !preview.isPlaceholderData && !!draft.name.trim()
  return (
    <>
      <div><h1 id="ob-title" tabIndex={-1}>{t('o_title')}</h1><p className="lead">{t('o_lead')}</p></div>
      <form className="fields" onSubmit={e => { e.preventDefault(); if (!wrong && !taken) onNext() }}>
        <div className="field">
          <label htmlFor="ob-brand">{t('o_brand')}</label>
          <div className={'inp' + (taken || wrong ? ' invalid' : '')}><input id="ob-brand" value={draft.name} readOnly={!!draft.stored} autoFocus required maxLength={200} autoComplete="organization" aria-describedby="ob-brand-h" aria-invalid={taken || !!wrong || undefined} onChange={e => change({ name: e.target.value })} /></div>
          <small id="ob-brand-h">{taken ? <span className="bad">{t('o_taken')}</span> : wrong ? <span className="bad" lang="en">{wrong}</span> : t(draft.stored ? 'o_brand_fixed' : 'o_brand_h')}</small>
        </div>
        <Words id="ob-also" label={t('o_also')} hint={t('o_also_h')} values={draft.also} onChange={also => change({ also })} most={20} />
        <Words id="ob-not" label={t('o_not')} hint={t('o_not_h')} values={draft.ignore} onChange={ignore => change({ ignore })} not most={50} />
        {children}
      </form>
    </>
  )
}

/** Wrong posts are marked on the right; words to ignore that follow from it are offered here. It never holds anybody up. */
export function CheckStep({ draft, change, preview, children }: Step) {
  const { t, tn } = useI18n()
  const shown = preview.data?.posts ?? []
  const wrong = shown.filter(p => draft.marks[p.key]).length
  const offered = (preview.data?.exclude ?? []).filter(w => !draft.ignore.includes(w.word))
  const marked = Object.keys(draft.marks).length
  return (
    <>
      <div><h1 id="ob-title" tabIndex={-1}>{t('c_title')}</h1><p className="lead">{t('c_lead')}</p></div>
      {shown.length > 0 ? <p className="bigline num" role="status">{t('c_good', { a: shown.length - wrong, n: shown.length })}</p> : <div className="calmbox"><b>{t('c_good_none')}</b><p>{t('c_good_none_b')}</p></div>}
      {offered.length > 0 && <div className="sugg"><p className="muted" id="ob-sugg">{t('c_suggest')}</p><ul aria-labelledby="ob-sugg">{offered.map(w => <li key={w.word}><button className="chip" onClick={() => change({ ignore: [...draft.ignore, w.word] })}><Ban aria-hidden />{t('c_ignore', { x: w.word })}{w.unmarked > 0 && <small> {tn('c_also', w.unmarked)}</small>}</button></li>)}</ul></div>}
      {marked > 0 && wrong > 0 && preview.data && !preview.isFetching && offered.length === 0 && <p className="muted">{t('c_nosuggest')}</p>}
      <div className="fields"><Words id="ob-not" label={t('o_not')} hint={t('o_not_h')} values={draft.ignore} onChange={ignore => change({ ignore })} not most={50} /></div>
      {children}
    </>
  )
}

/** Real posts that the words find, or why there are none to show. */
export function Evidence({ draft, change, preview, judge, typing }: Step & { judge: boolean; typing: boolean }) {
  const { t } = useI18n()
  const d = draft.name.trim() ? preview.data : undefined
  return (
    <section className="obin" aria-labelledby="ob-ev">
      <div><h2 id="ob-ev">{t('e_title')}</h2><p className="muted">{t('e_note')}</p></div>
      {!draft.name.trim() ? <div className="calmbox"><b>{t('e_wait_t')}</b><p>{t('e_wait_b')}</p></div>
        : d ? <Found draft={draft} change={change} preview={preview} d={d} judge={judge} stale={typing || preview.isFetching} />
          : preview.isError && preview.error instanceof ApiError && preview.error.status === 422 ? null
            : preview.isError ? <div className="calmbox" role="alert"><b>{t('err')}</b><button className="btn" onClick={() => void preview.refetch()}>{t('retry')}</button></div>
              : <><p className="muted" role="status">{t('e_reading')}</p><Skeleton rows={7} /></>}
    </section>
  )
}

function Found({ draft, change, preview, d, judge, stale }: Step & { d: Schemas['Preview']; judge: boolean; stale: boolean }) {
  const { t, tn, n, list } = useI18n()
  const off = d.sources.filter(s => s.read === null)
  const names = (all: typeof off) => list(all.map(s => platformName(s.platform || s.source)))
  const limited = off.some(s => s.kind === 'rate_limited')
  if (d.sources.length === 0) return <div className="calmbox"><b>{t('e_noask_t')}</b><p>{t('e_noask_b')}</p></div>
  if (d.read === null) return limited
    ? <div className="calmbox" role="status"><p>{t('e_rate')}</p></div>
    : <div className="calmbox" role="status"><b>{t('e_off_t', { list: names(off) })}</b><p>{t('e_off_b')}</p><button className="btn" disabled={preview.isFetching} onClick={() => void preview.refetch()}>{t('retry')}</button></div>
  return (
    <>
      <p className="num" role="status">{d.matched ? <b>{t('e_found', { a: d.matched, n: d.read })}</b> : <b>{t('e_none_t', { n: d.read })}</b>}{!!d.ignored && <span className="muted"> · {tn('e_ignored', d.ignored)}</span>}</p>
      <ul className="asked">{d.sources.filter(s => s.read !== null).map(s => <li key={s.source}>{s.platform && <Platform p={s.platform} />}{s.platform ? platformName(s.platform) : t('e_own')} <span className="num">{n(s.read!)}</span></li>)}{off.length > 0 && !limited && <li>{t('e_partly', { list: names(off) })}</li>}</ul>
      {!d.matched && <div className="calmbox"><p>{t('e_none_b')}</p></div>}
      <div className={'evlist' + (stale ? ' stale' : '')} aria-busy={stale}>{d.posts.map(p => <Sample key={p.key} post={p} draft={draft} change={change} judge={judge} />)}</div>
    </>
  )
}

function Sample({ post: p, draft, change, judge }: { post: Schemas['PreviewPost']; draft: Draft; change: Step['change']; judge: boolean }) {
  const { t, date } = useI18n()
  const id = useId()
  const wrong = !!draft.marks[p.key]
  const mark = () => {
    const marks = { ...draft.marks }
    if (wrong) delete marks[p.key]; else marks[p.key] = { text: p.text.map(x => x.text).join(''), lang: p.lang ?? undefined }
    change({ marks, taught: false })
    // What is stored already learns at once; the rest when the scan has brought it.
    if (p.stored && draft.stored) {
      const path = { params: { path: { brand: draft.stored, id: p.key } } }
      void (wrong ? take(client.DELETE('/brands/{brand}/mentions/{id}/relevance', path)) : take(client.PUT('/brands/{brand}/mentions/{id}/relevance', { ...path, body: { about: false } }))).catch(() => undefined)
    }
  }
  return (
    <article className={'post ev' + (wrong ? ' wrong' : '')}>
      <footer>
        <Platform p={p.platform} />{p.author && <b><bdi>{p.author}</bdi></b>}{p.created_at && <span className="num">{date(p.created_at)}</span>}{p.stored && <span className="pill xs">{t('e_own')}</span>}
        <span className="grow" />
        {judge && <button className="btn sm ghost" aria-pressed={wrong} aria-describedby={id} onClick={mark}>{wrong ? <CircleCheck aria-hidden /> : <Ban aria-hidden />}{t('c_wrong')}</button>}
      </footer>
      <p id={id} lang={p.lang ?? undefined} dir="auto">{p.text.map((x, k) => (x.hit ? <mark key={k}>{x.text}</mark> : x.text))}</p>
    </article>
  )
}
