import { useSyncExternalStore } from 'react'

const phone = matchMedia('(max-width: 720px)')
const listen = (f: () => void) => { phone.addEventListener('change', f); return () => phone.removeEventListener('change', f) }

/** Whether the window is as narrow as a phone's: a drawing has other proportions there. */
export const useNarrow = () => useSyncExternalStore(listen, () => phone.matches)
