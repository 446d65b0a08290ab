import { useQuery } from '@tanstack/react-query'
import type { Target } from '../acts'
import { colleaguesQuery } from '../api'
import { useI18n } from '../i18n'
import { nameOf } from '../ui/bits'
import { OwnerMenu, StatusMenu, TagEditor } from './stage'

/** What a row's status opens: where the person stands, whose they are, their tags. */
export default function Handling({ brand, person, onDone }: { brand: string; person: Target; onDone: () => void }) {
  const { t } = useI18n()
  const colleagues = useQuery(colleaguesQuery(brand)).data?.items ?? []
  const people = [person]
  return (
    <div className="handling">
      <h3><bdi>{nameOf(person)}</bdi></h3>
      <StatusMenu brand={brand} people={people} onDone={onDone} />
      {colleagues.length > 0 && <details><summary>{t('c_owner')}: <b>{person.owner ? <bdi>{person.owner.name}</bdi> : t('owner_none')}</b></summary><OwnerMenu brand={brand} people={people} onDone={onDone} /></details>}
      <h4>{t('bk_tags')}</h4>
      <TagEditor brand={brand} people={people} onDone={onDone} />
    </div>
  )
}
