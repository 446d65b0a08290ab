import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { ApiError } from './api'
import { App } from './app'
import { chosenLocale, loadWords, makeI18n } from './i18n'

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

const locale = chosenLocale()
const first = makeI18n(locale, await loadWords(locale))

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <QueryClientProvider client={queries}><App first={first} /></QueryClientProvider>
  </StrictMode>,
)
