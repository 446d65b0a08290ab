import { useQuery } from '@tanstack/react-query'
import { Mail, ScrollText, Webhook } from 'lucide-react'
import { client, take } from '../../api'
import { useI18n, type Key } from '../../i18n'
import { Block, Platform, platformName } from '../../ui/bits'
import type { TabProps } from './index'

const KINDS: Record<string, Key> = { auth: 'fa_auth', forbidden: 'fa_forbidden', not_entitled: 'fa_entitled', rate_limited: 'fa_rate', quota: 'fa_quota', budget: 'fa_budget', transient: 'fa_transient', gone: 'fa_gone', schema: 'fa_schema', silent: 'al_silent' }

/** What went wrong with the sources, and who is told. Who is told is a setting of the server: it is said here and changed there. */
export default function AlarmsTab({ brand }: TabProps) {
  const { t, tn, time } = useI18n()
  const alarms = useQuery({ queryKey: ['alarms', brand.name], queryFn: () => take(client.GET('/brands/{brand}/alarms', { params: { path: { brand: brand.name } } })) })
  return (
    <Block query={alarms} rows={5}>{d => {
      const now = d.items.filter(a => !a.over), past = d.items.filter(a => a.over)
      const row = (a: (typeof d.items)[number], k: number) => (
        <li key={k}><span className="nm"><Platform p={a.source} /><b><bdi>{platformName(a.source)}</bdi></b></span><div className="grow"><p>{KINDS[a.kind] ? t(KINDS[a.kind]) : t('al_own')}</p><p className="muted" lang="en">{a.reason} {a.fix}</p><small>{a.over ? t('al_span', { from: a.since ? time(a.since) : '—', to: time(a.over) }) : t('h_since', { time: a.since ? time(a.since) : '—' })} {a.announced ? t('al_told', { when: time(a.announced) }) : t('al_nottold')}</small></div></li>
      )
      return (
        <div className="stackv">
          <section className="card pad form">
            <div><h2 className="sech">{t('al_who')}</h2><p className="muted">{t('al_lead')}</p></div>
            <ul className="ways">
              <li data-on={d.mail > 0}><Mail aria-hidden /><span><b>{t('al_mail')}</b><small>{d.mail ? tn('al_mail_n', d.mail) + ' ' + t(d.language === 'es' ? 'al_in_es' : 'al_in_en') : t('al_mail_0')}</small></span></li>
              <li data-on={d.webhook}><Webhook aria-hidden /><span><b>{t('al_hook')}</b><small>{t(d.webhook ? 'al_hook_1' : 'al_hook_0')}</small></span></li>
              <li data-on><ScrollText aria-hidden /><span><b>{t('al_log')}</b><small>{t('al_log_1')}</small></span></li>
            </ul>
            <details className="data"><summary>{t('al_how')}</summary><p className="muted">{t('al_how_b')}</p><pre className="code">{'alarms:\n  mail_to: [team@example.com]\n  webhook_url: https://example.com/alarms\n  language: ' + d.language}</pre></details>
          </section>
          <section className="card pad form">
            <h2 className="sech">{t('al_now')}</h2>
            {now.length === 0 ? <p className="muted">{t('al_none')}</p> : <ul className="rows alarms">{now.map(row)}</ul>}
            {past.length > 0 && <><h3 className="minor">{t('al_past')}</h3><ul className="rows alarms">{past.slice(0, 10).map(row)}</ul></>}
            <h3 className="minor">{t('al_when')}</h3>
            <ul className="bullets">{(['al_w1', 'al_w2', 'al_w3', 'al_w4'] as const).map(k => <li key={k}>{t(k)}</li>)}</ul>
          </section>
        </div>
      )
    }}</Block>
  )
}
