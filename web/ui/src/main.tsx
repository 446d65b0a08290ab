import { StrictMode, startTransition } from 'react'
import { createRoot } from 'react-dom/client'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { advocatesQuery, ApiError, brandOf, brandsQuery } from './api'
import { App } from './app'
import { chosenLocale, loadWords, makeI18n } from './i18n'
import { placeOf } from './url'

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      refetchOnWindowFocus: false,
      // What the server refuses stays refused; what did not arrive is asked for once more.
      retry: (failures, error) => failures < 1 && !(error instanceof ApiError && error.status > 0 && error.status < 500),
      retryDelay: 600,
    },
  },
})

/** What boot asked for is on its way already: waiting for it saves a page that would be thrown away. */
async function asked() {
  const { brand, page } = placeOf(location.pathname)
  const brands = await queries.fetchQuery(brandsQuery), found = brandOf(brands.items, brand)
  if (found && (page === '' || page === 'advocates') && !location.search) await queries.prefetchInfiniteQuery(advocatesQuery(found.name, {}))
}
const locale = chosenLocale(), patience = new Promise(r => setTimeout(r, 1000))
const [words] = await Promise.all([loadWords(locale), Promise.race([asked().catch(() => {}), patience])])

// As a transition, the work is done in slices between which the browser can do its own.
const root = createRoot(document.getElementById('root')!)
startTransition(() => root.render(
  <StrictMode>
    <QueryClientProvider client={queries}><App first={makeI18n(locale, words)} /></QueryClientProvider>
  </StrictMode>,
))
