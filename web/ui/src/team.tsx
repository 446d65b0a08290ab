// What the team keeps of a person, and who did what, for the parts of a person's page.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { client, take, type Schemas } from './api'
import { useI18n, type I18n } from './i18n'
import type { May } from './me'
import { useToast } from './ui/toast'
import { refreshKept, refusal } from './workflow'

export const workflowQuery = (brand: string, id: string) => ({
  queryKey: ['workflow', brand, id],
  queryFn: () => take(client.GET('/brands/{brand}/advocates/{id}/workflow', { params: { path: { brand, id } } })),
})

export const tasksQuery = (brand: string, limit: number) => ({
  queryKey: ['tasks', brand, limit],
  queryFn: () => take(client.GET('/brands/{brand}/tasks', { params: { path: { brand }, query: { limit } } })),
})

/** Who did something, as a reader knows them; where nobody signs in, whoever sits at this computer. */
export const actorName = (a: Schemas['Actor'], { t }: I18n, alone = false) => (a.kind === 'local' ? t(alone ? 'by_local' : 'lo_by_local') : a.kind === 'service' ? t('by_service') : a.kind === 'key' ? t('by_key', { name: a.name }) : a.name)

/** Whether somebody may change what they or others wrote. */
export const mayChange = (by: Schemas['Actor'], { me, on }: May) => on('manager') || on('analyst') && !!me && (by.kind === 'local' ? me.single_user : by.id === me.id)

/** Does something at once, says so with a way back, and asks again for what shows it. */
export function useDo(brand: string) {
  const i18n = useI18n(), toast = useToast(), cache = useQueryClient()
  const fresh = () => refreshKept(cache, brand, false)
  const run = useMutation({ mutationFn: (f: () => Promise<unknown>) => f() })
  return {
    busy: run.isPending,
    /** Says whether it was done. */
    run: async (f: () => Promise<unknown>, said: string, undo?: () => Promise<unknown>) => {
      try { await run.mutateAsync(f) } catch (e) { toast(refusal(e, i18n)); return false }
      void fresh()
      toast(said, undo && (() => void undo().then(() => { toast(i18n.t('undone')); void fresh() }, e => { toast(refusal(e, i18n)); void fresh() })))
      return true
    },
  }
}
