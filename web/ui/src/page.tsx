import { lazy, type ComponentType } from 'react'
import { ApiError } from './api'
import { chosenLocale, loadWords, useI18n } from './i18n'
import { ErrorState } from './ui/bits'
import { Drawer } from './ui/overlay'

/** Code that comes when it is needed, with its words. */
export const later = <M,>(load: () => Promise<M>) => async () => (await Promise.all([load(), loadWords(chosenLocale(), 'pages')]))[0]

const silent = new ApiError(0, 'offline', '')

/** A browser may keep that a script did not come: once the server answers, all of it is loaded anew. The address holds what was shown. */
const again = () => void fetch('/api/v1/brands').then(() => location.reload(), () => {})

/** Stands for what did not come: in a drawer where that would have been one. */
function Missing({ whole, onClose }: { whole?: boolean; onClose?: () => void }) {
  const { t } = useI18n()
  const state = <ErrorState error={silent} retry={again} />
  return onClose ? <Drawer label={t('err_offline')} onClose={onClose}>{state}</Drawer> : whole ? <main id="main" tabIndex={-1}>{state}</main> : state
}

/** Something that is not part of the first list: its code and its words come when it is opened. `whole` is for all that stands beside the navigation. */
export const page = <P,>(load: () => Promise<{ default: ComponentType<P> }>, whole?: boolean) => lazy(() => later(load)().catch(() => ({ default: (p: P) => <Missing whole={whole} onClose={(p as { onClose?: () => void }).onClose} /> })))
