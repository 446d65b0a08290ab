import { useLayoutEffect, useRef, useState } from 'react'
import { X } from 'lucide-react'
import { useI18n, type Key } from '../i18n'

const keys: [string, Key][] = [['/', 'keys_search'], ['j  k', 'keys_move'], ['o', 'keys_open'], ['x', 'keys_pick'], ['Esc', 'keys_close'], ['?', 'keys_help']]

/** The keys, and the switch that WCAG 2.1.4 asks for. */
export default function Shortcuts({ on, onChange, onClose }: { on: boolean; onChange: (on: boolean) => void; onClose: () => void }) {
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
        <dl className="keylist">{keys.map(([k, text]) => <div key={k}><dt>{k.split('  ').map(x => <kbd key={x}>{x}</kbd>)}</dt><dd>{t(text)}</dd></div>)}</dl>
        <label className="opt inline"><input type="checkbox" checked={active} onChange={e => { setActive(e.target.checked); onChange(e.target.checked) }} />{t('keys_on')}</label>
      </div>
    </dialog>
  )
}
