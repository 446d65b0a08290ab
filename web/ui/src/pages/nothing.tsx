import { useQuery } from '@tanstack/react-query'
import { scansQuery } from '../api'
import { useI18n } from '../i18n'
import { Link } from '../ui/link'
import { to } from '../url'

/** Says of a brand without a mention whether anything was read for it, and leads to where reading begins. */
export default function NothingRead({ brand }: { brand: string }) {
  const { t } = useI18n()
  const read = useQuery(scansQuery(brand)).data?.items.some(s => s.legs.some(l => l.read > 0))
  return (
    <div className="state" role="status">
      <b>{t(read ? 'nr_found' : 'nr_t', { brand })}</b><p>{t('nr_b')}</p>
      <Link className="btn primary" href={to(brand, 'scans')}>{t('nr_go')}</Link>
    </div>
  )
}
