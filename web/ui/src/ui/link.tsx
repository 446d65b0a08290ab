import type { AnchorHTMLAttributes } from 'react'
import { navigate } from '../url'

/** A link inside the app; with a modifier key or the middle button the browser does what it always does. */
export function Link({ href, onClick, ...rest }: AnchorHTMLAttributes<HTMLAnchorElement> & { href: string }) {
  return <a {...rest} href={href} onClick={e => {
    onClick?.(e)
    if (e.defaultPrevented || e.button !== 0 || e.metaKey || e.ctrlKey || e.shiftKey || e.altKey) return
    e.preventDefault()
    navigate(href)
  }} />
}

/** Only addresses that a browser may open from foreign data; everything else is no link. */
export function outside(url: string | null | undefined): string | undefined {
  if (!url) return undefined
  try { return /^https?:$/.test(new URL(url).protocol) ? url : undefined } catch { return undefined }
}
