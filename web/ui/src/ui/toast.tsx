import { createContext, useCallback, useContext, useRef, useState, type ReactNode } from 'react'
import { createPortal } from 'react-dom'
import { useI18n } from '../i18n'

type Show = (text: string, undo?: () => void) => void
const ToastContext = createContext<Show>(() => {})
export const useToast = () => useContext(ToastContext)

/** Says what was done and offers to undo it for 8 seconds. It appears inside an open dialog where there is one, for everything outside of that cannot be reached. */
export function ToastProvider({ children }: { children: ReactNode }) {
  const { t } = useI18n()
  const [now, setNow] = useState<{ text: string; undo?: () => void; host: Element }>()
  const timer = useRef(0)
  const show = useCallback<Show>((text, undo) => {
    clearTimeout(timer.current)
    const hosts = document.querySelectorAll('dialog[open] [data-toasts], #toasts')
    const host = [...hosts].find(h => h.closest('dialog')) ?? hosts[0]
    setNow({ text, undo, host })
    timer.current = window.setTimeout(() => setNow(undefined), 8000)
  }, [])
  return (
    <ToastContext.Provider value={show}>
      {children}
      <div id="toasts" className="toasts" role="status" />
      {now?.host.isConnected && createPortal(<div className="toast"><span>{now.text}</span>{now.undo && <button className="btn sm" onClick={() => { now.undo!(); setNow(undefined) }}>{t('undo')}</button>}</div>, now.host)}
    </ToastContext.Provider>
  )
}
