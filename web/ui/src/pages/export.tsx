import { Download } from 'lucide-react'
import { useI18n } from '../i18n'

declare const __EXPORTS__: boolean

/** Links to the server's own tables of all rows of what is shown. */
export function ExportLinks({ brand, what, query, these }: { brand: string; what: 'advocates' | 'mentions'; query: Record<string, unknown>; these?: boolean }) {
  const { t } = useI18n()
  if (!__EXPORTS__) return null
  const href = (format: string) => {
    const u = new URLSearchParams({ format })
    for (const [k, v] of Object.entries(query)) if (v !== undefined && v !== null && v !== '') u.set(k, String(v))
    return `/api/v1/brands/${encodeURIComponent(brand)}/exports/${what}?${u}`
  }
  return <div className={these ? 'exports these' : 'exports'} role="group" aria-label={t(these ? 'export_these' : 'export')}>{(['csv', 'xlsx'] as const).map(f => <a key={f} className={these ? 'btn sm' : 'btn'} href={href(f)} download><Download aria-hidden />{f.toUpperCase()}</a>)}</div>
}
