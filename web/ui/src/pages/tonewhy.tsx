import { useEffect, useRef } from 'react'
import { useQuery } from '@tanstack/react-query'
import { toneQuery, type Schemas } from '../api'
import { useI18n, type Key } from '../i18n'
import { Block } from '../ui/bits'
import { toneClass, type Tone } from '../ui/post'
import '../styles/tone.css'

type Reason = Schemas['SentimentReason']
const SHOWN = 8, LONGEST = 80

/** What decided how a post speaks of the brand: who says it, how sure that is, and the words, strongest first. */
export default function ToneWhy({ brand, post }: { brand: string; post: string }) {
  const { t } = useI18n()
  const frame = useRef<HTMLDivElement>(null)
  const told = useQuery(toneQuery(brand, post, SHOWN))
  // Whoever reads with the ears or scrolls with the keys is led inside; Esc leads back.
  useEffect(() => frame.current?.focus({ preventScroll: true }), [])
  return <div className="tonewhy" tabIndex={-1} ref={frame}><h3>{t('tw_title')}</h3><Block query={told} rows={4}>{d => <Told d={d} />}</Block></div>
}

function Told({ d }: { d: Schemas['MentionSentiment'] }) {
  const { t, pct, language } = useI18n()
  const m = d.model, most = Math.max(...d.reasons.map(weight), d.rest ? weight(d.rest) : 0, 1e-9)
  return (
    <>
      {d.by === 'team' && <p>{t('tw_team', { tone: t(d.tone as Tone) })}</p>}
      {d.unknown && <p>{t(`tw_u_${d.unknown}` as Key, { lang: d.lang ? language(d.lang) : '' })}</p>}
      {m && <p>{t(d.by === 'team' ? 'tw_alone' : 'tw_model', { tone: t(m.tone as Tone) })} <span className="num muted">{(['negative', 'neutral', 'positive'] as const).map(x => `${t(x)} ${pct(m[x])}`).join(' · ')}</span></p>}
      {d.reasons.length > 0 && <ol>{d.reasons.map((r, k) => <Row key={k} r={r} most={most}><What r={r} /></Row>)}{d.rest && weight(d.rest) > 0 && <Row r={d.rest} most={most}>{t('tw_rest')}</Row>}</ol>}
      {m?.residual && <p className="muted">{t('tw_residual')}</p>}
      {!d.current && <p className="muted">{t('tw_older')}</p>}
    </>
  )
}

const weight = (p: Schemas['SentimentPush']) => Math.abs(p.toward) + Math.abs(p.opinion) / 2
function Row({ r, most, children }: { r: Schemas['SentimentPush']; most: number; children: React.ReactNode }) {
  const { t } = useI18n()
  // A push for both opinions alike is for neither of them.
  const tone = r.for === 'opinion' ? undefined : r.for, colour = tone ? toneClass[tone] : 'neu'
  return <li><span>{children}{Math.abs(r.learned) > Math.abs(r.toward) / 2 && <small className="muted"> {t('tw_learned')}</small>}</span><b className={colour}>{t(tone ?? 'tw_opinion')}</b><i className={colour} style={{ width: `${Math.max(3, (100 * weight(r)) / most)}%` }} /></li>
}

/** What the reason is: a piece of the post, whatever that holds, or how the post is written. */
function What({ r }: { r: Reason }) {
  const { t } = useI18n()
  if (r.code) return <>{t(`tw_c_${r.code}` as Key)}</>
  const text = r.text ?? '', piece = <bdi>{text.length > LONGEST ? text.slice(0, LONGEST) + '…' : text}</bdi>
  const lead = r.kind === 'brand' ? 'tw_brand' : r.kind === 'phrase' ? 'tw_phrase' : r.negated ? 'tw_not' : undefined
  return <>{lead && <small className="muted">{t(lead)} </small>}{piece}</>
}
