import { useEffect, useState, type ReactNode } from 'react'
import { createPortal } from 'react-dom'

/** The second column of the first run, filled from inside a step. */
export function Beside({ children }: { children: ReactNode }) {
  const [host, setHost] = useState<HTMLElement>()
  useEffect(() => {
    const el = document.createElement('div')
    el.className = 'obr'
    document.querySelector('main.ob')?.append(el)
    setHost(el)
    return () => el.remove()
  }, [])
  return host ? createPortal(children, host) : null
}
