import { Suspense, useCallback, useDeferredValue, useEffect, useRef, useState, type ReactNode } from 'react'
import { ChartNoAxesColumn, ChevronsUpDown, Keyboard, LayoutDashboard, Menu, MessageSquareText, Monitor, Moon, Plus, Radar, ScatterChart, Settings, ShieldCheck, Sun, Users, UsersRound, Waypoints, X, type LucideIcon } from 'lucide-react'
import { brandOf, useBrands, type Schemas } from './api'
import { chooseLocale, I18nContext, loadWords, makeI18n, useI18n, type I18n, type Key, type Locale } from './i18n'
import { keysOn, setKeysOn, useGo, useKeys } from './keys'
import { may, useMe } from './me'
import { page } from './page'
import { AdvocatesPage } from './pages/advocates'
import { Block, Logo } from './ui/bits'
import { CrashGuard } from './ui/crash'
import { Link } from './ui/link'
import { Popover } from './ui/overlay'
import { PrefsContext, THEMES, type Theme } from './prefs'
import { AccountButton } from './ui/account-button'
import { ToastProvider } from './ui/toast'
import { navigate, to, usePlace, useUrlState } from './url'

const PersonDrawer = page(() => import('./pages/person'))
const pages = {
  overview: page(() => import('./pages/overview'), true),
  people: page(() => import('./pages/people'), true),
  compare: page(() => import('./pages/compare'), true),
  map: page(() => import('./pages/map'), true),
  network: page(() => import('./pages/network'), true),
  mentions: page(() => import('./pages/mentions'), true),
  content: page(() => import('./pages/content'), true),
  portfolio: page(() => import('./pages/portfolio'), true),
  backtest: page(() => import('./pages/backtest'), true),
  scans: page(() => import('./pages/scans'), true),
  settings: page(() => import('./pages/settings'), true),
}
const Commands = page(() => import('./ui/commands'))
const Shortcuts = page(() => import('./ui/shortcuts'))
const Welcome = page(() => import('./pages/welcome'), true)

/** What every page of a brand gets. */
export type PageProps = { brand: Schemas['Brand']; id?: string }

type NavItem = [page: string, label: Key, icon: LucideIcon]
const NAV: [Key, NavItem[]][] = [
  ['nav_discover', [['overview', 'nav_overview', LayoutDashboard], ['advocates', 'nav_advocates', Users], ['map', 'nav_map', ScatterChart], ['network', 'nav_network', Waypoints], ['mentions', 'nav_mentions', MessageSquareText], ['content', 'nav_content', ChartNoAxesColumn]]],
  ['nav_activate', [['portfolio', 'nav_portfolio', UsersRound]]],
  ['nav_trust', [['backtest', 'nav_backtest', ShieldCheck], ['scans', 'nav_scans', Radar], ['settings', 'nav_settings', Settings]]],
]
const GOES = ['advocates', ...Object.keys(pages)]
const TITLES: Record<string, Key> = { people: 'nav_person', compare: 'nav_compare', ...Object.fromEntries(NAV.flatMap(g => g[1].map(i => [i[0], i[1]]))) }

function useStored<T extends string>(key: string, allowed: readonly T[], initial: () => T) {
  const [v, set] = useState<T>(() => { const s = localStorage.getItem(key) as T; return allowed.includes(s) ? s : initial() })
  return [v, useCallback((x: T) => { localStorage.setItem(key, x); set(x) }, [key])] as const
}

const dark = matchMedia('(prefers-color-scheme:dark)')

function useTheme() {
  const [theme, setTheme] = useStored<Theme>('adalid.theme', THEMES, () => 'system')
  useEffect(() => {
    const paint = () => { document.documentElement.dataset.theme = theme === 'system' ? (dark.matches ? 'dark' : 'light') : theme }
    paint()
    dark.addEventListener('change', paint)
    return () => dark.removeEventListener('change', paint)
  }, [theme])
  return [theme, setTheme] as const
}

function useOnline() {
  const [on, set] = useState(navigator.onLine)
  useEffect(() => {
    const f = () => set(navigator.onLine)
    addEventListener('online', f)
    addEventListener('offline', f)
    return () => { removeEventListener('online', f); removeEventListener('offline', f) }
  }, [])
  return on
}

export function App({ first }: { first: I18n }) {
  const [i18n, setI18n] = useState(first), { t, locale } = i18n
  const [theme, setTheme] = useTheme()
  const setLocale = (to: Locale) => void loadWords(to).then(words => { chooseLocale(to); setI18n(makeI18n(to, words)) })
  useEffect(() => { document.documentElement.lang = locale }, [locale])
  useKeys(useCallback(key => {
    if (key !== 't') return false
    setTheme(document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark')
    return true
  }, [setTheme]))
  const themeIcon = { light: Sun, dark: Moon, system: Monitor }
  const controls = (
    <>
      <div className="seg sm" role="group" aria-label={t('lang')}>{(['es', 'en'] as const).map(l => <button key={l} lang={l} aria-pressed={locale === l} title={l === 'es' ? 'Español' : 'English'} onClick={() => setLocale(l)}>{l.toUpperCase()}</button>)}</div>
      <div className="seg sm" role="group" aria-label={t('theme')}>{THEMES.map(x => { const Icon = themeIcon[x]; return <button key={x} aria-pressed={theme === x} title={t(`theme_${x}`)} onClick={() => setTheme(x)}><Icon aria-hidden /><span className="sr">{t(`theme_${x}`)}</span></button> })}</div>
    </>
  )
  return (
    <I18nContext.Provider value={i18n}>
      <PrefsContext.Provider value={{ theme, setTheme, setLocale }}>
      <ToastProvider>
        <a className="skip" href="#main" onClick={e => { e.preventDefault(); document.getElementById('main')?.focus() }}>{t('skip')}</a>
        <CrashGuard><Gate controls={controls} /></CrashGuard>
      </ToastProvider>
      </PrefsContext.Provider>
    </I18nContext.Provider>
  )
}

/** Waits for the brands and finds the one that the address names; without an address the last one looked at. */
function Gate({ controls }: { controls: ReactNode }) {
  const { t } = useI18n()
  const place = usePlace(), brands = useBrands()
  const brand = brandOf(brands.data, place.brand)
  const home = !place.brand && place.page === '', first = !place.brand && place.page === 'welcome'
  useEffect(() => {
    if (!brand) return
    localStorage.setItem('adalid.brand', brand.name)
    if (home) navigate(to(brand.name, 'advocates'), { replace: true })
  }, [brand, home])
  const none = home && brands.data?.length === 0
  useEffect(() => { if (none) navigate('/welcome', { replace: true }) }, [none])
  if (first) return <Suspense fallback={<main id="main" tabIndex={-1} aria-busy="true" />}><Welcome controls={controls} /></Suspense>
  if (brand && !home) return <Shell brand={brand} brands={brands.data!} controls={controls} />
  return (
    <div className="bare">
      <header className="top"><span className="logo"><Logo />Adalid</span><span className="grow" />{controls}</header>
      <main id="main" tabIndex={-1}>
        <Block query={brands}>{() => home ? null : <div className="card state"><h1 className="sech">{t('lost_t')}</h1><p>{place.brand ? t('lost_brand', { brand: place.brand }) : t('lost_b')}</p><Link className="btn primary" href="/">{t('lost_go')}</Link></div>}</Block>
      </main>
    </div>
  )
}

function Shell({ brand, brands, controls }: { brand: Schemas['Brand']; brands: Schemas['Brand'][]; controls: ReactNode }) {
  const { t } = useI18n()
  const { page, id } = usePlace()
  const [u, set] = useUrlState()
  const [menu, setMenu] = useState(false)
  const [help, setHelp] = useState(false)
  const online = useOnline()
  const close = useCallback(() => set({ person: undefined, tab: undefined }), [set])
  const known = page === 'advocates' || page in pages
  const title = known ? t(TITLES[page]) : t('lost_t')
  useEffect(() => { document.title = `${title} · ${brand.name} · Adalid` }, [title, brand.name])
  // A new page begins at its top, with the focus where it begins; the first one leaves it to the browser.
  const first = useRef(true)
  useEffect(() => {
    setMenu(false)
    if (first.current) { first.current = false; return }
    scrollTo(0, 0)
    document.getElementById('main')?.focus({ preventScroll: true })
  }, [page, id])
  useKeys(useCallback(key => {
    if (key === '?') { setHelp(true); return true }
    return false
  }, []))
  useGo(GOES, useCallback(p => navigate(to(brand.name, p)), [brand.name]))
  const [commands, setCommands] = useState(false)
  useEffect(() => {
    const onKey = (e: KeyboardEvent) => { if ((e.ctrlKey || e.metaKey) && !e.altKey && !e.shiftKey && e.key === 'k') { e.preventDefault(); setCommands(true) } }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [])
  const Page = pages[page as keyof typeof pages]
  const framed = useDeferredValue(true, false) // what stands around a page is painted before it
  return (
    <div className="shell">
      <aside className="side"><Side brand={brand} brands={brands} page={page} /></aside>
      {menu && <SideDialog onClose={() => setMenu(false)}><Side brand={brand} brands={brands} page={page} /></SideDialog>}
      <div className="page">
        <header className="top">
          <button className="btn ghost icon show-md" aria-haspopup="dialog" onClick={() => setMenu(true)}><Menu aria-hidden /><span className="sr">{t('menu')}</span></button>
          <span className="topbrand show-md">{brand.name}</span>
          {brand.demo && <span className="pill warn xs hide-sm" title={t('demo_b')}>{t('demo')}</span>}
          <span className="grow" />
          {controls}
          <button className="btn ghost icon hide-sm" aria-haspopup="dialog" title={t('keys_t')} onClick={() => setHelp(true)}><Keyboard aria-hidden /><span className="sr">{t('keys_t')}</span></button>
          <AccountButton brand={brand.name} />
        </header>
        {brand.demo && <p className="demoline">{t('demo')}. {t('demo_b')}</p>}
        {!online && <p className="banner" role="status">{t('offline')}</p>}
        <CrashGuard where={page + id}>
          <Suspense fallback={<main id="main" tabIndex={-1} aria-busy="true" />}>
            {!framed ? <main id="main" tabIndex={-1} aria-busy="true" /> : page === 'advocates' ? <AdvocatesPage brand={brand} key={brand.name} /> : Page ? <Page brand={brand} id={id} key={brand.name + (id ?? '')} /> : (
              <main id="main" tabIndex={-1}><div className="card state"><h1 className="sech">{t('lost_t')}</h1><p>{t('lost_b')}</p><Link className="btn primary" href={to(brand.name, 'advocates')}>{t('lost_go')}</Link></div></main>
            )}
          </Suspense>
        </CrashGuard>
      </div>
      {u.person && <CrashGuard where={u.person}><Suspense fallback={null}><PersonDrawer brand={brand} id={u.person} onClose={close} /></Suspense></CrashGuard>}
      {commands && <Suspense fallback={null}><Commands brand={brand.name} brands={brands.map(b => b.name)} pages={NAV.flatMap(g => g[1].map(([p, label]) => [p, label] as const))} onClose={() => setCommands(false)} /></Suspense>}
      {help && <Suspense fallback={null}><Shortcuts pages={GOES} on={keysOn()} onChange={setKeysOn} onClose={() => setHelp(false)} /></Suspense>}
    </div>
  )
}

function SideDialog({ children, onClose }: { children: ReactNode; onClose: () => void }) {
  const { t } = useI18n()
  const ref = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const d = ref.current!
    d.showModal()
    return () => d.close()
  }, [])
  return <dialog ref={ref} className="sidedialog" aria-label={t('main_nav')} onCancel={e => { e.preventDefault(); onClose() }} onClick={e => { if (e.target === ref.current) onClose() }}><div className="side"><button className="btn ghost icon sideclose" onClick={onClose}><X aria-hidden /><span className="sr">{t('close')}</span></button>{children}</div></dialog>
}

function Side({ brand, brands, page }: { brand: Schemas['Brand']; brands: Schemas['Brand'][]; page: string }) {
  const { t, tn } = useI18n()
  const [anchor, setAnchor] = useState<HTMLElement | null>(null)
  const adds = may(useMe(), 'owner'), choice = brands.length > 1 || adds
  const face = <><span className="brandmark" aria-hidden>{[...brand.name][0]?.toUpperCase()}</span><span className="grow"><b><bdi>{brand.name}</bdi></b><small>{brand.demo ? t('demo') : tn('brands', brands.length)}</small></span></>
  const shown = page === 'people' || page === 'compare' ? 'advocates' : page
  return (
    <>
      <div className="logo"><Logo />Adalid</div>
      {choice
        ? <button className="brandsw" aria-haspopup="dialog" aria-expanded={!!anchor} onClick={e => setAnchor(anchor ? null : e.currentTarget)}>{face}<ChevronsUpDown size={15} aria-hidden /><span className="sr">{t('brand_switch')}</span></button>
        : <div className="brandsw">{face}</div>}
      {choice && <Popover anchor={anchor} onClose={() => setAnchor(null)} label={t('brand_switch')}><ul className="opts">{brands.map(b => <li key={b.name}><Link className="opt" href={to(b.name, page === 'people' || page === 'compare' ? 'advocates' : page)} aria-current={b.name === brand.name || undefined}><bdi>{b.name}</bdi>{b.demo && <span className="cnt">{t('demo')}</span>}</Link></li>)}{adds && <li className="addbrand"><Link className="opt" href="/welcome"><Plus size={15} aria-hidden />{t('brand_add')}</Link></li>}</ul></Popover>}
      <nav className="nav" aria-label={t('main_nav')}>{NAV.map(([group, items]) => (
        <div key={group}><h2>{t(group)}</h2>{items.map(([to_, key, Icon]) => <Link key={to_} href={to(brand.name, to_)} aria-current={shown === to_ ? 'page' : undefined}><Icon aria-hidden />{t(key)}</Link>)}</div>
      ))}</nav>
      <div className="foot"><a href={`/lite?brand=${encodeURIComponent(brand.name)}`}>{t('lite')}</a></div>
    </>
  )
}
