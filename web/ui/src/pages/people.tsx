import { useQuery } from '@tanstack/react-query'
import { ArrowLeft } from 'lucide-react'
import type { PageProps } from '../app'
import { choiceOf, personQuery } from '../api'
import { useI18n } from '../i18n'
import { Block } from '../ui/bits'
import { Link } from '../ui/link'
import { to, useUrlState } from '../url'
import { Person } from './person'

/** A person's own page: what the drawer shows, with an address to pass on. */
export default function PeoplePage({ brand, id = '' }: PageProps) {
  const { t } = useI18n()
  const [u] = useUrlState()
  const choice = choiceOf({ weights: u.weights, preset: u.preset, blend: u.blend })
  const person = useQuery(personQuery(brand.name, id, choice))
  return (
    <main id="main" tabIndex={-1} className="personpage">
      <p className="crumb"><Link href={to(brand.name, 'advocates')}><ArrowLeft aria-hidden />{t('nav_advocates')}</Link></p>
      <div className="card"><Block query={person} rows={12}>{d => <Person brand={brand} d={d} choice={choice} level={1} />}</Block></div>
    </main>
  )
}
