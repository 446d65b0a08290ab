import { Suspense, useEffect, useRef, type ComponentType } from 'react'
import type { PageProps } from '../../app'
import { useI18n, type Key } from '../../i18n'
import { useMay, type May } from '../../me'
import { page } from '../../page'
import { CrashGuard } from '../../ui/crash'
import { Skeleton } from '../../ui/bits'
import { Link } from '../../ui/link'
import { to } from '../../url'
import '../../styles/settings.css'

export type TabProps = PageProps & { may: May }
type Tab = { name: string; label: Key; shown: (may: May) => boolean; Page: ComponentType<TabProps> }
const everybody = () => true

const TABS: Tab[] = [
  { name: 'brand', label: 'set_brand', shown: everybody, Page: page(() => import('./brand')) },
  { name: 'ranking', label: 'set_ranking', shown: everybody, Page: page(() => import('./ranking')) },
  { name: 'circle', label: 'set_circle', shown: everybody, Page: page(() => import('./circle')) },
  { name: 'platforms', label: 'set_platforms', shown: everybody, Page: page(() => import('./platforms')) },
  { name: 'alarms', label: 'set_alarms', shown: everybody, Page: page(() => import('./alarms')) },
  { name: 'retention', label: 'set_retention', shown: everybody, Page: page(() => import('./retention')) },
  { name: 'access', label: 'set_access', shown: may => may.on('owner'), Page: page(() => import('./access')) },
  { name: 'browser', label: 'set_browser', shown: everybody, Page: page(() => import('./browser')) },
]

/** What a team decides about a brand, a tab at a time; each has an address of its own. */
export default function SettingsPage({ brand, id }: PageProps) {
  const { t } = useI18n()
  const may = useMay(brand.name)
  const tabs = TABS.filter(x => x.shown(may))
  const tab = TABS.find(x => x.name === (id ?? 'brand'))
  const nav = useRef<HTMLElement>(null)
  useEffect(() => { nav.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' }) }, [tab, may.me])
  return (
    <main id="main" tabIndex={-1} className="settings" aria-busy={!may.me || undefined}>
      <div className="head"><div><h1>{t('set_title')}</h1><p>{t('set_lead', { brand: brand.name })}</p></div></div>
      <nav ref={nav} className="views" aria-label={t('set_title')}>{tabs.map(x => <Link key={x.name} href={to(brand.name, 'settings/' + x.name)} aria-current={x === tab ? 'page' : undefined}>{t(x.label)}</Link>)}</nav>
      {may.me && tab && !tabs.includes(tab) ? <div className="card state"><b>{t('set_notyours')}</b><p>{t('set_notyours_b')}</p></div>
        : !tab ? <div className="card state"><b>{t('lost_t')}</b><p>{t('lost_b')}</p></div>
          : may.me && <CrashGuard where={tab.name}><Suspense fallback={<Skeleton rows={6} />}><tab.Page brand={brand} may={may} /></Suspense></CrashGuard>}
    </main>
  )
}
