import { useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react'
import { useI18n, type Key } from '../i18n'
import { to } from '../url'
import { Link } from './link'

/** Goes anywhere by a few letters: pages, views of the list, other brands, a handle. */
export default function Commands({ brand, brands, pages, onClose }: { brand: string; brands: string[]; pages: (readonly [string, Key])[]; onClose: () => void }) {
  const { t } = useI18n()
  const [text, setText] = useState('')
  const ref = useRef<HTMLDialogElement>(null)
  useLayoutEffect(() => { const d = ref.current!; d.showModal(); return () => d.close() }, [])
  const plain = (s: string) => s.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
  const all: [string, string][] = [
    ...pages.map(([p, key]): [string, string] => [t(key), to(brand, p)]),
    ...(['shortlist', 'ambassadors', 'rising', 'new', 'cooling', 'critics'] as const).map((v): [string, string] => [`${t('nav_advocates')}: ${t(`v_${v}`)}`, to(brand, 'advocates', { view: v })]),
    ...brands.filter(b => b !== brand).map((b): [string, string] => [b, to(b, 'advocates')]),
  ]
  const found = all.filter(([label]) => plain(label).includes(plain(text.trim())))
  const shown: [string, string][] = text.trim() ? [...found, [t('cmd_handle', { q: text.trim() }), to(brand, 'advocates', { q: text.trim() })]] : found
  const move = (e: KeyboardEvent) => {
    if (e.key !== 'ArrowDown' && e.key !== 'ArrowUp') return
    e.preventDefault()
    const list = [...ref.current!.querySelectorAll<HTMLElement>('input,a')]
    list[Math.max(0, Math.min(list.length - 1, list.indexOf(document.activeElement as HTMLElement) + (e.key === 'ArrowDown' ? 1 : -1)))]?.focus()
  }
  return (
    <dialog ref={ref} className="small commands" aria-label={t('keys_commands')} onCancel={e => { e.preventDefault(); onClose() }} onClick={e => { if (e.target === ref.current) onClose() }} onKeyDown={move}>
      <form onSubmit={e => { e.preventDefault(); ref.current!.querySelector<HTMLElement>('a')?.click() }}><input className="textinp" aria-label={t('cmd_go')} placeholder={t('cmd_go')} autoFocus maxLength={80} value={text} onChange={e => setText(e.target.value)} /></form>
      <ul>{shown.map(([label, href]) => <li key={href}><Link className="opt" href={href} onClick={onClose}><bdi>{label}</bdi></Link></li>)}</ul>
    </dialog>
  )
}
