// Overlays on native elements: <dialog> for the drawer, the popover attribute for popovers.
// One popover exists per table or page; rows only carry plain buttons, so focus never moves to a replaced element.
import { useLayoutEffect, useRef, type ReactNode } from 'react'

export function Drawer({ label, onClose, children }: { label: string; onClose: () => void; children: ReactNode }) {
  const ref = useRef<HTMLDialogElement>(null)
  useLayoutEffect(() => {
    const d = ref.current!
    d.showModal()
    return () => d.close() // returns focus to the element that opened the drawer
  }, [])
  return (
    <dialog ref={ref} className="drawer" aria-label={label} onCancel={e => { e.preventDefault(); onClose() }} onClick={e => { if (e.target === ref.current) onClose() }}>
      <div className="drawer-body">{children}</div>
      <div className="toasts" role="status" data-toasts />
    </dialog>
  )
}

export type Anchor = HTMLElement | null

function place(el: HTMLElement, anchor: HTMLElement, align: 'start' | 'end') {
  const a = anchor.getBoundingClientRect(), w = el.offsetWidth, h = el.offsetHeight
  const x = align === 'start' ? a.left : a.right - w
  const below = a.bottom + 6 + h <= innerHeight
  el.style.left = Math.max(8, Math.min(x, innerWidth - w - 8)) + 'px'
  el.style.top = Math.max(8, below ? a.bottom + 6 : a.top - h - 6) + 'px'
}

/** Shown while `anchor` is set. Esc and outside clicks are handled by the browser (popover=auto). */
export function Popover({ anchor, onClose, label, align = 'start', className = 'pop', children }: { anchor: Anchor; onClose: () => void; label: string; align?: 'start' | 'end'; className?: string; children: ReactNode }) {
  const ref = useRef<HTMLDivElement>(null)
  const close = useRef(onClose)
  close.current = onClose
  useLayoutEffect(() => {
    const el = ref.current!
    if (!anchor) { if (el.matches(':popover-open')) el.hidePopover(); return }
    if (!el.matches(':popover-open')) el.showPopover()
    place(el, anchor, align)
    const toggle = (e: Event) => {
      if ((e as ToggleEvent).newState !== 'closed') return
      const lost = !document.activeElement || document.activeElement === document.body || el.contains(document.activeElement)
      if (lost) anchor.focus()
      close.current()
    }
    const gone = () => el.hidePopover()
    el.addEventListener('toggle', toggle)
    addEventListener('resize', gone)
    const grown = new ResizeObserver(() => place(el, anchor, align)) // what comes later may be larger
    grown.observe(el)
    return () => { grown.disconnect(); el.removeEventListener('toggle', toggle); removeEventListener('resize', gone) }
  }, [anchor, align])
  return <div ref={ref} popover="auto" role="dialog" aria-label={label} className={className}>{anchor && children}</div>
}
