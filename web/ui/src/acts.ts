// What a team decides about people, from anywhere: it happens at once, is said,
// and can be taken back. The code for it comes with the first act.
import { useCallback } from 'react'
import { useQueryClient } from '@tanstack/react-query'
import type { Advocate, Schemas } from './api'
import { useI18n } from './i18n'
import { later } from './page'
import { useToast } from './ui/toast'

export type Status = Advocate['status']
export const STATUSES: Status[] = ['candidate', 'shortlisted', 'contacted', 'in_conversation', 'ambassador', 'paused', 'not_a_fit']
/** A person as far as acts need one. */
export type Target = Pick<Advocate, 'id' | 'accounts' | 'status' | 'tags' | 'owner'>
export type Change = { status?: Schemas['NewStatus']; add_tags?: string[]; remove_tags?: string[]; owner?: Schemas['Colleague'] | null }

const load = later(() => import('./workflow'))

/** Changes people together; the answer says whether the server did. */
export function useAct(brand: string) {
  const i18n = useI18n(), toast = useToast(), cache = useQueryClient()
  return useCallback(async (people: Target[], change: Change) => {
    const done = await load().catch(() => toast(i18n.t('err_offline')))
    return done ? done.act({ brand, i18n, toast, cache }, people, change) : false
  }, [brand, i18n, toast, cache])
}

/** What a star does to somebody: nothing to those who are further along. */
export const starred = (s: Status): Status | undefined => (s === 'shortlisted' ? 'candidate' : s === 'candidate' || s === 'paused' || s === 'not_a_fit' ? 'shortlisted' : undefined)
