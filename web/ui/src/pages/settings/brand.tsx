import { useEffect, useMemo, useState } from 'react'
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { Plus, Trash2, X } from 'lucide-react'
import { ApiError, client, STORED, take, useBrands, type Schemas } from '../../api'
import { useI18n } from '../../i18n'
import { readTerms, without, writeTerms } from '../../terms'
import { Block, ErrorState, Platform } from '../../ui/bits'
import { outside } from '../../ui/link'
import { navigate } from '../../url'
import { Ask, faultsOf, Field, LookOnly, Unsaved, useDraft, useSave } from './form'
import type { TabProps } from './index'

const stale = ['brands', 'relevance', 'querytest']

export default function BrandTab({ brand, may }: TabProps) {
  const [draft, setDraft] = useDraft<string>('query.' + brand.name)
  const query = draft ?? brand.query
  return (
    <>
      <div className="setgrid querygrid">
        <QueryCard brand={brand} may={may} draft={draft} setDraft={setDraft} />
        <Tester brand={brand.name} query={query} changed={draft !== undefined && draft !== brand.query} />
        <div className="stackv">
          <Relevance brand={brand} may={may} exclude={x => setDraft(without(query, x))} />
          <Rivals brand={brand} may={may} />
        </div>
      </div>
      {may.on('owner') && <Remove brand={brand} />}
    </>
  )
}

function QueryCard({ brand, may, draft, setDraft }: TabProps & { draft?: string; setDraft: (q?: string) => void }) {
  const { t, date } = useI18n()
  const { save, busy } = useSave(brand.name, stale)
  const query = draft ?? brand.query
  const terms = useMemo(() => readTerms(query), [query])
  const [raw, setRaw] = useState(!terms)
  const asWords = !raw && terms
  const change = (q: string) => setDraft(q === brand.query ? undefined : q)
  const put = (q: string) => () => take(client.PATCH('/brands/{brand}', { params: { path: { brand: brand.name } }, body: { query: q } }))
  const edit = may.on('manager')
  return (
    <form className="card pad form" onSubmit={e => { e.preventDefault(); const before = brand.query; save(put(query), t('qu_saved'), { undo: put(before), then: () => setDraft(undefined) }) }}>
      <div className="sechrow"><h2 className="sech">{t('qu_t')}</h2><span className="grow" />
        <div className="seg sm" role="group" aria-label={t('qu_how')}><button type="button" aria-pressed={!!asWords} disabled={!terms} title={terms ? undefined : t('qu_notwords')} onClick={() => setRaw(false)}>{t('qu_words')}</button><button type="button" aria-pressed={!asWords} onClick={() => setRaw(true)}>{t('qu_query')}</button></div></div>
      <p className="muted">{t('qu_lead')}</p>
      {!edit && <LookOnly least="manager" />}
      {asWords ? <>
        <Words label={t('qu_any')} hint={t('qu_any_h')} words={terms.any} locked={!edit} onChange={any => change(writeTerms({ ...terms, any }))} />
        <Words label={t('qu_not')} hint={t('qu_not_h')} words={terms.not} locked={!edit} minus onChange={not => change(writeTerms({ ...terms, not }))} />
      </> : <Field wide label={t('qu_query')} hint={t('qu_query_h')}>{p => <textarea {...p} rows={4} maxLength={10000} spellCheck={false} readOnly={!edit} value={query} onChange={e => change(e.target.value)} />}</Field>}
      {!terms && <p className="muted">{t('qu_notwords')}</p>}
      <p className="foot">{t('qu_name', { brand: brand.name })}{brand.created && ' ' + t('qu_since', { date: date(brand.created) })}</p>
      {draft !== undefined && draft !== brand.query && <Unsaved busy={busy} onDiscard={() => setDraft(undefined)} />}
    </form>
  )
}

/** Words as chips; Enter or a comma adds one, Backspace in the empty field takes the last. */
function Words({ label, hint, words, minus, locked, onChange }: { label: string; hint: string; words: string[]; minus?: boolean; locked: boolean; onChange: (w: string[]) => void }) {
  const { t } = useI18n()
  const [text, setText] = useState('')
  const add = () => {
    const more = text.split(',').map(x => x.replace(/["()]/g, '').trim()).filter(x => x && !words.includes(x))
    setText('')
    if (more.length) onChange([...words, ...more])
  }
  return (
    <Field wide label={label} hint={hint}>{p => (
      <div className={'words' + (minus ? ' minus' : '')}>
        {words.map(w => <span key={w} className="word"><bdi>{w}</bdi>{!locked && <button type="button" onClick={() => onChange(words.filter(x => x !== w))}><X aria-hidden /><span className="sr">{t('qu_drop', { word: w })}</span></button>}</span>)}
        <input {...p} value={text} readOnly={locked} maxLength={200} autoComplete="off" placeholder={locked ? '' : t('add')} onChange={e => setText(e.target.value)} onBlur={add} onKeyDown={e => {
          if (e.key === 'Enter' && text.trim() || e.key === ',') { e.preventDefault(); add() }
          else if (e.key === 'Backspace' && !text && words.length) onChange(words.slice(0, -1))
        }} />
      </div>
    )}</Field>
  )
}

function useLater<T>(value: T, ms: number) {
  const [late, set] = useState(value)
  useEffect(() => { const h = setTimeout(() => set(value), ms); return () => clearTimeout(h) }, [value, ms])
  return late
}

/** What the query as it stands on the left would do to a text and to what is stored. */
function Tester({ brand, query, changed }: { brand: string; query: string; changed: boolean }) {
  const { t, tn, n } = useI18n()
  const [text, setText] = useState(''), [which, setWhich] = useState<'gained' | 'lost'>('lost')
  const asked = useLater(query, 400), about = useLater(text, 400)
  const test = useQuery({
    queryKey: ['querytest', brand, asked, about], placeholderData: keepPreviousData,
    queryFn: () => take(client.POST('/brands/{brand}/query-test', { params: { path: { brand } }, body: { query: asked, text: about || undefined } })),
  })
  const fault = test.isError ? faultsOf(test.error).query ?? (test.error instanceof ApiError && test.error.status === 422 ? test.error.message : undefined) : undefined
  const d = fault ? undefined : test.data
  const list = d && d[which]
  return (
    <section className="card pad form tester" aria-labelledby="tester">
      <h2 className="sech" id="tester">{t('qt_t')}</h2>
      <Field wide label={t('qt_text')} hint={t('qt_text_h')}>{p => <textarea {...p} className="prose" rows={3} maxLength={20000} value={text} onChange={e => setText(e.target.value)} />}</Field>
      {fault ? <div className="callout" role="alert"><p>{t('qt_fault')}</p><p lang="en">{fault}</p></div>
        : test.isError && !d ? <ErrorState error={test.error} retry={() => void test.refetch()} />
          : !d ? <div className="skels" aria-hidden><div className="skel" /></div> : (
            <div className={test.isPlaceholderData ? 'stale' : ''} aria-busy={test.isFetching || undefined}>
              {about && d.text && <div className={'qtext ' + (d.text.matched ? 'yes' : 'no')} role="status"><span className={'pill xs ' + (d.text.matched ? 'pos' : 'neg')}>{t(d.text.matched ? 'qt_yes' : 'qt_no')}</span><p dir="auto"><Marked text={about} spans={d.text.spans} /></p></div>}
              {d.hints.map(h => <p className="muted" key={h} lang="en">{h}</p>)}
              <h3 className="minor">{t('qt_stored')}</h3>
              <dl className="tally">
                <div><dt>{t('qt_both')}</dt><dd className="num">{n(d.both)}</dd></div>
                <div><dt>{t('qt_gained')}</dt><dd className={'num' + (d.gained.count ? ' up' : '')}>{d.gained.count ? '+' : ''}{n(d.gained.count)}</dd></div>
                <div><dt>{t('qt_lost')}</dt><dd className={'num' + (d.lost.count ? ' down' : '')}>{d.lost.count ? '−' : ''}{n(d.lost.count)}</dd></div>
                <div><dt>{t('qt_neither')}</dt><dd className="num">{n(d.neither)}</dd></div>
              </dl>
              <p className="muted" role="status"><span className="sr">{t('qt_gained')}: {n(d.gained.count)}. {t('qt_lost')}: {n(d.lost.count)}. </span>{d.all ? tn('qt_all', d.read) : t('qt_newest', { n: d.read })} {changed ? t('qt_honest') : t('qt_same')}</p>
              {d.gained.count + d.lost.count > 0 && <>
                <div className="seg sm" role="group" aria-label={t('qt_examples')}>{(['lost', 'gained'] as const).map(k => <button key={k} type="button" aria-pressed={which === k} onClick={() => setWhich(k)}>{t(`qt_${k}`)} ({n(d[k].count)})</button>)}</div>
                <ul className="posts" tabIndex={0} aria-label={t('qt_examples')}>{list!.examples.length === 0 ? <li className="muted">{t('qt_noexample')}</li> : list!.examples.map(x => <Example key={x.key} x={x} />)}</ul>
              </>}
            </div>
          )}
    </section>
  )
}

function Example({ x }: { x: Schemas['QueryTestPost'] }) {
  const { t } = useI18n()
  const url = outside(x.url)
  return <li className="post"><footer><Platform p={x.platform} />{x.handle && <bdi>@{x.handle}</bdi>}<span className="grow" />{url && <a href={url} target="_blank" rel="noreferrer noopener">{t('open_post')}</a>}</footer><p lang={x.lang ?? undefined} dir="auto"><Marked text={x.text} spans={x.spans} /></p></li>
}

function Marked({ text, spans }: { text: string; spans: Schemas['MatchSpan'][] }) {
  const out = []
  let at = 0
  for (const s of [...spans].sort((a, b) => a.start - b.start)) {
    if (s.start < at) continue
    out.push(text.slice(at, s.start), <mark key={s.start}>{text.slice(s.start, s.end)}</mark>)
    at = s.end
  }
  return <>{out}{text.slice(at)}</>
}

function Relevance({ brand, may, exclude }: TabProps & { exclude: (x: string) => void }) {
  const { t, tn, n } = useI18n()
  const { save, busy } = useSave(brand.name, ['relevance', ...STORED])
  const state = useQuery({ queryKey: ['relevance', brand.name], queryFn: () => take(client.GET('/brands/{brand}/relevance', { params: { path: { brand: brand.name } } })) })
  const put = (on: boolean) => () => take(client.PUT('/brands/{brand}/relevance', { params: { path: { brand: brand.name } }, body: { enabled: on } }))
  return (
    <section className="card pad form">
      <h2 className="sech">{t('re_t')}</h2>
      <p className="muted">{t('re_lead')}</p>
      <Block query={state} rows={3}>{d => <>
        <label className="opt inline switch"><input type="checkbox" role="switch" checked={d.enabled} disabled={busy || !may.on('manager')} onChange={e => { const on = e.target.checked; save(put(on), t(on ? 're_ison' : 're_isoff'), { undo: put(!on) }) }} />{t('re_on')}</label>
        <p className="muted">{d.learned.marks === 0 ? t('re_none') : d.in_use ? t('re_used', { n: d.learned.marks, c: d.learned.caught, of: d.learned.not_about, l: d.learned.lost }) : t('re_learning', { n: d.learned.marks })}</p>
        {!!d.exclude?.length && <>
          <h3 className="minor">{t('re_words')}</h3>
          <ul className="rows">{d.exclude.slice(0, 8).map(x => <li key={x.query}><code>{x.query}</code><small>{t('re_removes', { n: n(x.marked_not), u: n(x.unmarked) })}{x.marked_about + x.wrong > 0 && ' ' + tn('re_wrong', x.marked_about + x.wrong)}</small><span className="grow" />{may.on('manager') && <button className="btn sm" onClick={() => exclude(x.query)}><Plus aria-hidden />{t('re_leave')}<span className="sr"> {x.query}</span></button>}</li>)}</ul>
        </>}
      </>}</Block>
    </section>
  )
}

function Rivals({ brand, may }: TabProps) {
  const { t } = useI18n()
  const { save, busy } = useSave(brand.name, ['brands', 'view', 'viewCount'])
  const others = useBrands().data?.filter(b => b.name !== brand.name) ?? []
  if (!others.length) return null
  const put = (rivals: string[]) => () => take(client.PATCH('/brands/{brand}', { params: { path: { brand: brand.name } }, body: { rivals } }))
  return (
    <section className="card pad form">
      <h2 className="sech">{t('ri_t')}</h2>
      <fieldset className="choice" disabled={busy || !may.on('manager')}><legend className="muted">{t('ri_lead')}</legend>
        {others.map(b => <label key={b.name} className="opt inline"><input type="checkbox" checked={brand.rivals.includes(b.name)} onChange={e => { const before = brand.rivals; save(put(e.target.checked ? [...before, b.name] : before.filter(x => x !== b.name)), t('ri_saved'), { undo: put(before) }) }} /><bdi>{b.name}</bdi></label>)}
      </fieldset>
    </section>
  )
}

function Remove({ brand }: Pick<TabProps, 'brand'>) {
  const { t } = useI18n()
  const cache = useQueryClient()
  const [asking, setAsking] = useState(false)
  const { save, busy } = useSave(brand.name, [])
  const gone = async () => {
    localStorage.removeItem('adalid.brand')
    await cache.invalidateQueries({ queryKey: ['brands'] })
    navigate('/', { replace: true })
  }
  return (
    <section className="card pad form below dangerzone">
      <h2 className="sech">{t('rm_t')}</h2>
      <div className="row8"><p className="muted grow">{t('rm_lead')}</p><button className="btn danger" onClick={() => setAsking(true)}><Trash2 aria-hidden />{t('rm_go')}</button></div>
      {asking && <Ask title={t('rm_ask', { brand: brand.name })} type={brand.name} go={t('rm_yes')} busy={busy} onClose={() => setAsking(false)} onGo={() => save(() => take(client.DELETE('/brands/{brand}', { params: { path: { brand: brand.name } } })), t('rm_done', { brand: brand.name }), { then: () => void gone() })}><p>{t('rm_b')}</p></Ask>}
    </section>
  )
}
