// The first script: small, so that words, brands and the first list are asked for
// while the app itself is still on its way.
import './styles/font.css'
import './styles/tokens.css'
import './styles/app.css'
import './styles/workflow.css'
import { ask } from './early'
import { chosenLocale, loadWords } from './i18n/words'

const dark = localStorage.getItem('adalid.theme')
document.documentElement.dataset.theme = dark === 'dark' || dark !== 'light' && matchMedia('(prefers-color-scheme:dark)').matches ? 'dark' : 'light'
void loadWords(chosenLocale())
ask('/api/v1/brands')
const [place, named, page] = location.pathname.split('/').slice(1)
const brand = place === 'b' ? named : place === '' ? localStorage.getItem('adalid.brand') : undefined
if (brand && (!page || page === 'advocates') && !location.search) {
  try { ask(`/api/v1/brands/${encodeURIComponent(place ? decodeURIComponent(brand) : brand)}/advocates?limit=50`) } catch { /* an address that cannot be read names no brand */ }
}
void import('./main')
