import { useState } from 'react'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Download, KeyRound, UserMinus, UserPlus } from 'lucide-react'
import { client, nextPage, take, type Schemas } from '../../api'
import { useI18n, type Key } from '../../i18n'
import { ROLES, type Role } from '../../me'
import { Avatar, Block } from '../../ui/bits'
import { useToast } from '../../ui/toast'
import { Ask, Field, Once, useSave } from './form'
import type { TabProps } from './index'

const usersQuery = { queryKey: ['users'], queryFn: () => take(client.GET('/users')) }

export default function AccessTab(p: TabProps) {
  return <div className="stackv"><Users {...p} /><Keys {...p} /><Log {...p} /></div>
}

function RoleSelect({ id, value, label, disabled, onChange }: { id?: string; value: Role; label?: string; disabled?: boolean; onChange: (r: Role) => void }) {
  const { t } = useI18n()
  return <select id={id} aria-label={label} value={value} disabled={disabled} onChange={e => onChange(e.target.value as Role)}>{ROLES.map(r => <option key={r} value={r}>{t(`role_${r}`)}</option>)}</select>
}

function Scope({ brand, all, value, onChange }: { brand: string; all: boolean; value: 'this' | 'all'; onChange: (v: 'this' | 'all') => void }) {
  const { t } = useI18n()
  return <Field label={t('us_scope')}>{p => <select {...p} value={value} onChange={e => onChange(e.target.value as 'this')}><option value="this">{brand}</option>{all && <option value="all">{t('us_everybrand')}</option>}</select>}</Field>
}

function Users({ brand, may }: TabProps) {
  const { t, time, date } = useI18n()
  const users = useQuery(usersQuery), toast = useToast()
  const { save, busy, faults } = useSave(brand.name, ['users', 'log', 'me'], { fields: ['email', 'roles'] })
  const [email, setEmail] = useState(''), [role, setRole] = useState<Role>(may.me!.single_user ? 'owner' : 'viewer'), [scope, setScope] = useState<'this' | 'all'>(may.me!.single_user ? 'all' : 'this')
  const [link, setLink] = useState<{ email: string; link: string }>()
  const [asking, setAsking] = useState<Schemas['User']>()
  const everything = may.all('owner'), me = may.me!
  const give = (id: string, on: string | null, r: Role | null) => () => take(client.PATCH('/users/{user}', { params: { path: { user: id } }, body: { roles: [{ brand: on, role: r }] } }))
  const held = (u: Schemas['User']) => u.roles.find(r => r.brand?.toLowerCase() === brand.name.toLowerCase()) ?? u.roles.find(r => r.brand === null)
  return (
    <section className="card pad form">
      <div><h2 className="sech">{t('us_t')}</h2><p className="muted">{t('us_lead')}</p></div>
      {me.single_user && <div className="callout calm" role="note"><p>{t('us_single')}</p></div>}
      <Block query={users} rows={3}>{d => <>
        {d.items.length > 0 && <ul className="rows users">
          {d.items.map(u => {
            const at = held(u), others = u.roles.filter(r => r !== at)
            const self = u.id === me.id
            return (
              <li key={u.id}>
                <Avatar name={u.name} id={u.id} />
                <span className="grow"><b><bdi>{u.name}</bdi></b>{self && <span className="pill xs">{t('us_you')}</span>}{u.disabled && <span className="pill xs neg">{t('us_disabled')}</span>}
                  <small><bdi>{u.email}</bdi> · {u.signed_in ? t('us_last', { when: time(u.signed_in) }) : t('us_neverin')}{others.length > 0 && ' · ' + t('us_also', { brands: others.map(r => r.brand ?? t('us_everybrand')).join(', ') })}</small></span>
                {at ? <><span className="muted">{at.brand === null ? t('us_everybrand') : ''}</span>
                  <RoleSelect label={t('us_roleof', { name: u.name })} value={at.role as Role} disabled={busy || self || at.brand === null && !everything} onChange={r => save(give(u.id, at.brand, r), t('us_changed', { name: u.name, role: t(`role_${r}`) }), { undo: give(u.id, at.brand, at.role as Role) })} /></>
                  : <button className="btn sm" disabled={busy} onClick={() => save(give(u.id, brand.name, 'viewer'), t('us_changed', { name: u.name, role: t('role_viewer') }), { undo: give(u.id, brand.name, null) })}>{t('us_letin')}<span className="sr"> {u.name}</span></button>}
                {!self && <button className="btn sm ghost icon" disabled={busy || !at && !everything} title={t(everything ? 'us_remove' : 'us_takeoff')} onClick={() => everything ? setAsking(u) : save(give(u.id, brand.name, null), t('us_off', { name: u.name }), { undo: give(u.id, brand.name, at!.role as Role) })}><UserMinus aria-hidden /><span className="sr">{t(everything ? 'us_remove' : 'us_takeoff')} {u.name}</span></button>}
              </li>
            )
          })}
        </ul>}
        <h3 className="minor">{t('us_invite')}</h3>
        <form className="inlineform" onSubmit={e => { e.preventDefault(); save(() => take(client.POST('/users', { body: { email: email.trim(), roles: [{ brand: scope === 'all' ? null : brand.name, role }], language: document.documentElement.lang as 'en' } })), '', { then: v => { const x = v as Schemas['Invited']; setEmail(''); setLink(x.link ? { email: x.email, link: new URL(x.link, location.origin).href } : undefined); if (x.mailed) toast(t('us_invited', { email: x.email })) } }) }}>
          <Field label={t('us_email')} fault={faults.email}>{p => <input {...p} className="textinp" type="email" required maxLength={254} autoComplete="off" value={email} onChange={e => setEmail(e.target.value)} />}</Field>
          <Field label={t('us_role')} fault={faults.roles}>{p => <RoleSelect id={p.id} value={role} onChange={setRole} />}</Field>
          <Scope brand={brand.name} all={everything} value={scope} onChange={setScope} />
          <button className="btn" disabled={busy}><UserPlus aria-hidden />{t('us_go')}</button>
        </form>
        <p className="muted">{t(`role_${role}_h`)}</p>
        {link && <Once title={t('us_link', { email: link.email })} text={link.link} note={t('us_link_n')} onClose={() => setLink(undefined)} />}
        {d.invitations.length > 0 && <><h3 className="minor">{t('us_open')}</h3><ul className="rows">{d.invitations.map(x => <li key={x.id}><span className="grow"><b><bdi>{x.email}</bdi></b><small>{x.roles.map(r => `${t(`role_${r.role as Role}`)}: ${r.brand ?? t('us_everybrand')}`).join(', ')}{x.expires && ' · ' + t('us_expires', { when: date(x.expires) })}</small></span><button className="btn sm" disabled={busy} onClick={() => save(() => take(client.DELETE('/invitations/{invitation}', { params: { path: { invitation: x.id } } })), t('us_withdrawn', { email: x.email }))}>{t('us_withdraw')}<span className="sr"> {x.email}</span></button></li>)}</ul></>}
        {asking && <Ask title={t('us_ask', { name: asking.name })} go={t('us_remove')} busy={busy} onClose={() => setAsking(undefined)} onGo={() => save(() => take(client.DELETE('/users/{user}', { params: { path: { user: asking.id } } })), t('us_removed', { name: asking.name }), { then: () => setAsking(undefined) })}><p>{t('us_ask_b')}</p></Ask>}
      </>}</Block>
    </section>
  )
}

const ENDS = ['30', '90', '365', ''] as const

function Keys({ brand, may }: TabProps) {
  const { t, date, time } = useI18n()
  const keys = useQuery({ queryKey: ['keys'], queryFn: () => take(client.GET('/keys')) })
  const { save, busy, faults } = useSave(brand.name, ['keys', 'log'], { fields: ['name', 'expires'] })
  const [name, setName] = useState(''), [role, setRole] = useState<Role>('viewer'), [scope, setScope] = useState<'this' | 'all'>('this'), [ends, setEnds] = useState<(typeof ENDS)[number]>('365')
  const [made, setMade] = useState<{ name: string; key: string }>(), [asking, setAsking] = useState<Schemas['APIKey']>()
  return (
    <section className="card pad form">
      <div><h2 className="sech">{t('ke_t')}</h2><p className="muted">{t('ke_lead')}</p></div>
      <Block query={keys} rows={3}>{d => {
        const mine = d.items.filter(k => k.brand === null || k.brand.toLowerCase() === brand.name.toLowerCase())
        return <>
          {mine.length === 0 ? <p className="muted">{t('ke_none')}</p> : <ul className="rows">{mine.map(k => <li key={k.id} className={k.alive ? '' : 'dead'}><KeyRound size={16} aria-hidden /><span className="grow"><b><bdi>{k.name}</bdi></b><span className="pill xs">{t(`role_${k.role as Role}`)}</span>{!k.alive && <span className="pill xs neg">{t(k.revoked ? 'ke_revoked' : 'ke_over')}</span>}
            <small><code>{`adk_${k.id}_…`}</code> · {k.brand ?? t('us_everybrand')} · {k.used ? t('ke_used', { when: time(k.used) }) : t('ke_unused')}{k.expires && k.alive && ' · ' + t('us_expires', { when: date(k.expires) })}</small></span>{k.alive && (k.brand !== null || may.all('owner')) && <button className="btn sm" disabled={busy} onClick={() => setAsking(k)}>{t('ke_revoke')}<span className="sr"> {k.name}</span></button>}</li>)}</ul>}
          <h3 className="minor">{t('ke_new')}</h3>
          <form className="inlineform" onSubmit={e => { e.preventDefault(); save(() => take(client.POST('/keys', { body: { name: name.trim(), role, brand: scope === 'all' ? undefined : brand.name, expires: ends ? new Date(Date.now() + Number(ends) * 86_400_000).toISOString() : undefined } })), '', { then: v => { setMade(v as Schemas['APIKeyMade']); setName('') } }) }}>
            <Field label={t('ke_name')} fault={faults.name}>{p => <input {...p} className="textinp" required maxLength={100} autoComplete="off" placeholder={t('ke_name_d')} value={name} onChange={e => setName(e.target.value)} />}</Field>
            <Field label={t('us_role')}>{p => <RoleSelect id={p.id} value={role} onChange={setRole} />}</Field>
            <Scope brand={brand.name} all={may.all('owner')} value={scope} onChange={setScope} />
            <Field label={t('ke_ends')} fault={faults.expires}>{p => <select {...p} value={ends} onChange={e => setEnds(e.target.value as typeof ends)}>{ENDS.map(x => <option key={x} value={x}>{x ? t('ke_in', { n: Number(x) }) : t('ke_never')}</option>)}</select>}</Field>
            <button className="btn" disabled={busy}><KeyRound aria-hidden />{t('ke_go')}</button>
          </form>
          {made && <Once title={t('ke_shown', { name: made.name })} text={made.key} note={t('ke_once')} onClose={() => setMade(undefined)} />}
          {asking && <Ask title={t('ke_ask', { name: asking.name })} go={t('ke_revoke')} busy={busy} onClose={() => setAsking(undefined)} onGo={() => save(() => take(client.DELETE('/keys/{id}', { params: { path: { id: asking.id } } })), t('ke_gone', { name: asking.name }), { then: () => setAsking(undefined) })}><p>{t('ke_ask_b')}</p></Ask>}
        </>
      }}</Block>
    </section>
  )
}

const DONE = 'create-brand remove-brand change-brand preview-brand test-query erase-advocate erase-person decide-authenticity undo-authenticity add-note change-note remove-note set-notice undo-notice set-owner set-status change-tags add-task change-task remove-task change-many undo-batch decide-circle undo-circle export-advocates export-mentions get-advocate-data decide-identity undo-identity start-import push-mentions label-mention unlabel-mention mark-mention unmark-mention add-own-account remove-own-account choose-ranking switch-relevance set-retention drop-retention add-saved-view change-saved-view remove-saved-view save-segment remove-segment start-scan set-schedule remove-schedule draw-audit assess-audit load-demo invite-user accept-invitation withdraw-invitation change-user remove-user create-key revoke-key change-password ask-password-reset finish-password-reset sign-in sign-out set-up set-source remove-source probe-source opt-out'.split(' ')
/** An act of the log in words; what has none of its own was looked at or is something else. */
const wordOf = (action: string) => (DONE.includes(action) ? `op_${action.replaceAll('-', '_')}` : /^(get|list)-/.test(action) ? 'op_read' : 'op_else') as Key

/** What was done, by whom, the newest first. */
function Log({ brand, may }: TabProps) {
  const { t, time } = useI18n()
  const everything = may.all('owner')
  const [all, setAll] = useState(false)
  const asked = everything && all ? undefined : brand.name
  const log = useInfiniteQuery({
    queryKey: ['log', asked ?? ''], initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => take(client.GET('/audit-log', { params: { query: { brand: asked, limit: 25, cursor: pageParam } } })) as Promise<Schemas['AuditEntryList']>,
    getNextPageParam: last => last.next_cursor ?? undefined,
  })
  const users = useQuery(usersQuery).data?.items ?? []
  const who = (e: Schemas['AuditEntry']) => e.actor_kind === 'person' ? users.find(u => u.id === e.actor)?.name ?? t('lo_by_gone') : e.actor_kind === 'key' ? t('lo_by_key') : e.actor_kind === 'machine' ? t('lo_by_local') : e.actor_kind === 'service' ? t('lo_by_service') : e.actor_kind === 'subject' ? t('lo_by_subject') : t('lo_by_nobody')
  const query = new URLSearchParams({ ...(asked ? { brand: asked } : {}), format: 'csv', limit: '10000' })
  return (
    <section className="card">
      <div className="padx sechrow"><div><h2 className="sech">{t('lo_t')}</h2><p className="muted">{t('lo_lead')}</p></div><span className="grow" /><a className="btn sm" href={'/api/v1/audit-log?' + query} download="audit-log.csv"><Download aria-hidden />{t('lo_csv')}</a></div>
      {everything && <div className="padx"><label className="opt inline"><input type="checkbox" checked={all} onChange={e => setAll(e.target.checked)} />{t('lo_all')}</label></div>}
      <Block query={log} rows={6}>{d => {
        const items = d.pages.flatMap(p => p.items)
        return <>
          <div className="scroll" tabIndex={0} role="region" aria-label={t('lo_t')}><table className="plain logtable"><thead><tr><th scope="col">{t('lo_at')}</th><th scope="col">{t('lo_who')}</th><th scope="col">{t('lo_what')}</th>{!asked && <th scope="col">{t('lo_brand')}</th>}<th scope="col">{t('lo_end')}</th></tr></thead>
            <tbody>{items.map(e => <tr key={e.n}><td className="num">{time(e.at)}</td><td><bdi>{who(e)}</bdi></td><td title={e.action}>{t(wordOf(e.action))}</td>{!asked && <td>{e.brand ? <bdi>{e.brand}</bdi> : '—'}</td>}<td><span className={'pill xs ' + (e.outcome === 'ok' ? 'pos' : 'neg')} title={e.outcome}>{t(e.outcome === 'ok' ? 'lo_ok' : 'lo_no')}</span></td></tr>)}</tbody></table></div>
          {items.length === 0 && <p className="muted padx">{t('lo_none')}</p>}
          {log.hasNextPage && <div className="tfoot"><span className="grow" /><button className="btn sm" disabled={log.isFetchingNextPage} onClick={() => void nextPage(log)}>{t('lo_more')}</button></div>}
        </>
      }}</Block>
    </section>
  )
}
