import { lazy, type ComponentType } from 'react'
import { chosenLocale, loadWords } from './i18n'

/** Code that comes when it is needed, with its words. */
export const later = <M,>(load: () => Promise<M>) => async () => (await Promise.all([load(), loadWords(chosenLocale(), 'pages')]))[0]

/** Something that is not part of the first list: its code and its words come when it is opened. */
export const page = <P,>(load: () => Promise<{ default: ComponentType<P> }>) => lazy(later(load))
