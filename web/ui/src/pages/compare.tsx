import type { ReactNode } from 'react'
import { useQueries } from '@tanstack/react-query'
import { ArrowLeft, Star, X } from 'lucide-react'
import { starred, useAct } from '../acts'
import type { PageProps } from '../app'
import { ApiError, choiceOf, COMPONENTS, personQuery, whyQuery, type Advocate, type Schemas } from '../api'
import { RatioBars } from '../charts/ratio'
import { partOf, ScoreMark, ToneBar } from '../charts/small'
import { useI18n } from '../i18n'
import { useMay } from '../me'
import { Avatar, ErrorState, Flags, handleOf, nameOf, Platform, platformsOf, Skeleton, Unknown } from '../ui/bits'
import { Link } from '../ui/link'
import { to, useUrlState } from '../url'

/** Two to four people side by side, and what makes the difference to the first of them. */
export default function ComparePage({ brand }: PageProps) {
  const i = useI18n(), { t, n } = i
  const [u, set] = useUrlState()
  const may = useMay(brand.name).on('analyst'), act = useAct(brand.name)
  const ids = [...new Set((u.ids ?? '').split(',').filter(Boolean))].slice(0, 4)
  const choice = choiceOf({ weights: u.weights, preset: u.preset, blend: u.blend })
  const people = useQueries({ queries: ids.map(id => personQuery(brand.name, id, choice)) })
  const whys = useQueries({ queries: ids.slice(1).map(id => ({ ...whyQuery(brand.name, ids[0], choice, id), enabled: ids.length > 1 })) })
  const failed = people.find(p => p.isError)
  const all = people.map(p => p.data).filter((d): d is Schemas['AdvocateDetail'] => !!d)
  const head = <div className="head"><div><p className="crumb"><Link href={to(brand.name, 'advocates')}><ArrowLeft aria-hidden />{t('nav_advocates')}</Link></p><h1>{t('compare_t')}</h1><p>{t('compare_lead')}</p></div><span className="grow" />{may && all.some(d => starred(d.advocate.status) === 'shortlisted') && <button className="btn primary" onClick={() => void act(all.map(d => d.advocate).filter(a => starred(a.status) === 'shortlisted'), { status: { status: 'shortlisted' } })}><Star aria-hidden />{t('bk_shortlist_all')}</button>}</div>
  if (ids.length < 2) return <main id="main" tabIndex={-1}>{head}<div className="card state"><b>{t('compare_none')}</b><p>{t('compare_how')}</p><Link className="btn primary" href={to(brand.name, 'advocates')}>{t('nav_advocates')}</Link></div></main>
  if (failed) return <main id="main" tabIndex={-1}>{head}<ErrorState error={failed.error} retry={() => people.forEach(p => void p.refetch())} /></main>
  if (all.length < ids.length) return <main id="main" tabIndex={-1}>{head}<Skeleton rows={10} /></main>

  const row = (label: ReactNode, cell: (a: Advocate, d: Schemas['AdvocateDetail']) => ReactNode) => <tr><th scope="row">{label}</th>{all.map(d => <td key={d.advocate.id} className="num">{cell(d.advocate, d) ?? <Unknown />}</td>)}</tr>
  const num = (v: number | null) => (v === null ? null : n(v))
  return (
    <main id="main" tabIndex={-1}>
      {head}
      <div className="card scroll" role="region" aria-label={t('compare_t')} tabIndex={0}>
        <table className="plain compare">
          <caption className="sr">{t('compare_t')}</caption>
          <thead><tr><td />{all.map(({ advocate: a }) => (
            <th scope="col" key={a.id}><div className="person"><Avatar name={nameOf(a)} id={a.id} /><div><span className="nm"><a href={'?' + new URLSearchParams({ ...u as Record<string, string>, person: a.id })} onClick={e => { if (!e.metaKey && !e.ctrlKey) { e.preventDefault(); set({ person: a.id }) } }}><bdi>{nameOf(a)}</bdi></a></span><span className="sub"><span className="hd"><bdi>@{handleOf(a)}</bdi></span></span></div>
              {ids.length > 2 && <button className="btn ghost icon sm" onClick={() => set({ ids: ids.filter(x => x !== a.id).join(',') })}><X aria-hidden /><span className="sr">{t('compare_drop', { name: nameOf(a) })}</span></button>}</div></th>
          ))}</tr></thead>
          <tbody>
            {row(t('c_status'), a => <span className="standcell"><span className={'pill ' + a.status}>{t(`s_${a.status}`)}</span>{may && starred(a.status) && <button className="btn ghost icon star" aria-pressed={a.status === 'shortlisted'} title={t('bk_shortlist')} onClick={() => void act([a], { status: { status: starred(a.status)! } })}><Star aria-hidden /><span className="sr">{t('star_of', { name: nameOf(a) })}</span></button>}</span>)}
            {row(t('c_score'), a => a.score && <span className="scorecell"><b>{i.score(a.score.total)}</b><ScoreMark a={a} w={110} /></span>)}
            {row(t('interval_l'), a => a.uncertainty && t('range', { a: i.score(a.uncertainty.score_low), b: i.score(a.uncertainty.score_high) }))}
            {row(t('c_rank'), (a, d) => a.rank !== null && <>{t('rank_of', { r: a.rank, n: d.total })}{a.uncertainty?.rank_first != null && a.uncertainty.rank_last != null && <small className="under">{t('rank_likely', { a: a.uncertainty.rank_first, b: a.uncertainty.rank_last })}</small>}</>)}
            {COMPONENTS.map(k => <tr key={k}><th scope="row"><i className="sw" style={{ background: `var(--c-${k})` }} /> {t(k)}</th>{all.map(({ advocate: a }) => { const p = partOf(a, k); return <td className="num" key={a.id}>{p?.value == null ? <Unknown /> : p.imputed ? <small>{t('part_imputed', { v: p.value * 100 })}</small> : <span className="barcell"><b>{n(p.value * 100)}</b><span className="track" aria-hidden><i style={{ width: p.value * 100 + '%', background: `var(--c-${k})` }} /></span></span>}</td> })}</tr>)}
            {row(t('c_sent'), a => a.evidence.sentiment !== null && <span className="barcell"><b>{i.signed(a.evidence.sentiment)}</b><ToneBar v={a.evidence.sentiment} /></span>)}
            {row(t('c_mentions'), a => <>{n(a.evidence.mentions)}<small className="under">{i.tn('days', a.evidence.active_days)}</small></>)}
            {row(t('c_followers'), a => num(a.evidence.followers))}
            {row(t('c_reactions'), a => num(a.evidence.engagement))}
            {row(t('f_views'), a => num(a.evidence.views))}
            {row(t('f_counter'), a => num(a.evidence.counterparts))}
            {row(t('sponsored_n'), a => n(a.evidence.sponsored))}
            {row(t('active_on'), a => <span className="plats">{platformsOf(a).map(p => <Platform key={p} p={p} />)}</span>)}
            {row(t('c_last'), a => a.evidence.last && i.date(a.evidence.last))}
            {row(t('remarks'), a => a.flags.length || a.uncertainty?.small_sample ? <span className="flagcell"><Flags a={a} />{a.uncertainty?.small_sample && <span className="pill xs" title={t('low_sample')}>{t('low_sample_s')}</span>}</span> : t('none'))}
          </tbody>
        </table>
      </div>
      <div className="grid2 below">
        {whys.map((w, k) => {
          const other = all[k + 1].advocate, v = w.data?.versus
          return (
            <section className="card pad" key={other.id}>
              <h2 className="sech">{t('versus', { a: nameOf(all[0].advocate), b: nameOf(other) })}</h2>
              {v ? <><RatioBars v={v} blend={w.data!.receipt.blend} /><p className="muted">{v.words[0] && i.said(v.words[0])} {t(w.data!.receipt.blend === 'arithmetic' ? 'ratio_adds' : 'ratio_multiplies')}</p>{overlap(all[0].advocate, other) && <p className="muted">{t('overlap')}</p>}</>
                : w.isError ? <p className="muted">{w.error instanceof ApiError && w.error.status < 500 ? t('ratio_refused') : t('err')}</p> : <div className="skels slim" aria-hidden><div className="skel" /><div className="skel" /></div>}
            </section>
          )
        })}
      </div>
    </main>
  )
}

/** Whether the intervals of two scores overlap: then neither is called better. */
function overlap(a: Advocate, b: Advocate) {
  const x = a.uncertainty, y = b.uncertainty
  return !!x && !!y && x.score_low <= y.score_high && y.score_low <= x.score_high
}
