import { useLayoutEffect, useRef, useState } from 'react'
import { X } from 'lucide-react'
import { useI18n, type Key } from '../i18n'
import { goKeys } from '../keys'

const keys: [string, Key][] = [['/', 'keys_search'], ['Ctrl  K', 'keys_commands'], ['j  k', 'keys_move'], ['o  Enter', 'keys_open'], ['x', 'keys_pick'], ['Shift  x', 'keys_range'], ['s', 'keys_star'], ['e', 'keys_export'], ['t', 'keys_theme'], ['Esc', 'keys_close'], ['?', 'keys_help']]
const NAMES: Record<string, Key> = { overview: 'nav_overview', advocates: 'nav_advocates', mentions: 'nav_mentions', content: 'nav_content', portfolio: 'nav_portfolio', backtest: 'nav_backtest', scans: 'nav_scans' }

/** The keys, and the switch that WCAG 2.1.4 asks for. */
export default function Shortcuts({ pages, on, onChange, onClose }: { pages: string[]; on: boolean; onChange: (on: boolean) => void; onClose: () => void }) {
  const { t } = useI18n()
  const [active, setActive] = useState(on)
  const ref = useRef<HTMLDialogElement>(null)
  useLayoutEffect(() => {
    const d = ref.current!
    d.showModal()
    return () => d.close()
  }, [])
  return (
    <dialog ref={ref} className="small" aria-label={t('keys_t')} onCancel={e => { e.preventDefault(); onClose() }} onClick={e => { if (e.target === ref.current) onClose() }}>
      <div className="pad">
        <div className="sechrow"><h2 className="sech">{t('keys_t')}</h2><span className="grow" /><button className="btn ghost icon" onClick={onClose}><X aria-hidden /><span className="sr">{t('close')}</span></button></div>
        <dl className="keylist">{keys.map(([k, text]) => <div key={k}><dt>{k.split('  ').map(x => <kbd key={x}>{x}</kbd>)}</dt><dd>{t(text)}</dd></div>)}{goKeys(pages).filter(([, p]) => NAMES[p]).map(([k, p]) => <div key={k}><dt><kbd>g</kbd><kbd>{k}</kbd></dt><dd>{t(NAMES[p])}</dd></div>)}</dl>
        <label className="opt inline"><input type="checkbox" checked={active} onChange={e => { setActive(e.target.checked); onChange(e.target.checked) }} />{t('keys_on')}</label>
      </div>
    </dialog>
  )
}
