// Overlays on native elements: <dialog> for the drawer, the popover attribute for popovers.
// One popover exists per table or page; rows only carry plain buttons, so focus never moves to a replaced element.
import { useLayoutEffect, useRef, type KeyboardEvent, type ReactNode } from 'react'

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

const CONTROLS = 'a[href],button:not(:disabled),input:not(:disabled),select:not(:disabled),textarea:not(:disabled),summary'

/** Where the focus goes first: to what is chosen, to where something is written, or to the first control. */
const entry = (el: HTMLElement) => el.querySelector<HTMLElement>('input[type=radio]:checked,[aria-current]') ?? el.querySelector<HTMLElement>('input:not([type=radio],[type=checkbox]),textarea') ?? el.querySelector<HTMLElement>(CONTROLS)

/** Whether Tab, or Shift and Tab, leads out of it. Radio buttons of one name are one stop. */
function leads(el: HTMLElement, back: boolean) {
  const at = document.activeElement as HTMLInputElement
  const stops = [...el.querySelectorAll<HTMLInputElement>(CONTROLS)].filter(x => x === at || x.checkVisibility?.() !== false && !(x.type === 'radio' && at.type === 'radio' && x.name === at.name))
  return !stops.length || at === (back ? stops[0] : stops.at(-1)) || back && at === el
}

/** Shown while `anchor` is set, with the focus inside; it goes back to `anchor`. Esc and outside clicks are handled by the browser (popover=auto). */
export function Popover({ anchor, onClose, label, align = 'start', className = 'pop', children }: { anchor: Anchor; onClose: () => void; label: string; align?: 'start' | 'end'; className?: string; children: ReactNode }) {
  const ref = useRef<HTMLDivElement>(null)
  const close = useRef(onClose), opener = useRef<Anchor>(null)
  close.current = onClose
  useLayoutEffect(() => {
    const el = ref.current!
    if (!anchor) {
      if (el.matches(':popover-open')) el.hidePopover()
      // What had the focus went with what was inside.
      if (opener.current && document.activeElement === document.body) opener.current.focus({ preventScroll: true })
      opener.current = null
      return
    }
    opener.current = anchor
    if (!el.matches(':popover-open')) el.showPopover()
    place(el, anchor, align)
    // Until its code or data are there it holds the focus itself, so that no key means the page behind it.
    el.focus({ preventScroll: true })
    const enter = () => { if (document.activeElement === el) entry(el)?.focus({ preventScroll: true }) }
    enter()
    const toggle = (e: Event) => {
      if ((e as ToggleEvent).newState !== 'closed') return
      const lost = !document.activeElement || document.activeElement === document.body || el.contains(document.activeElement)
      if (lost) anchor.focus()
      close.current()
    }
    // The keyboard of a phone takes height: what is written in stays.
    const width = innerWidth, gone = () => { if (innerWidth === width) place(el, anchor, align); else el.hidePopover() }
    el.addEventListener('toggle', toggle)
    addEventListener('resize', gone)
    const grown = new ResizeObserver(() => { place(el, anchor, align); enter() }) // what comes later may be larger
    grown.observe(el)
    return () => { grown.disconnect(); el.removeEventListener('toggle', toggle); removeEventListener('resize', gone) }
  }, [anchor, align])
  // It stands elsewhere in the page than it is seen: past its ends Tab goes on from what opened it.
  const onKeyDown = (e: KeyboardEvent) => {
    const el = ref.current!
    if (e.key !== 'Tab' || !leads(el, e.shiftKey)) return
    if (e.shiftKey) e.preventDefault()
    el.hidePopover()
    opener.current?.focus()
  }
  return <div ref={ref} popover="auto" role="dialog" tabIndex={-1} aria-label={label} className={className} onKeyDown={onKeyDown}>{anchor && children}</div>
}
