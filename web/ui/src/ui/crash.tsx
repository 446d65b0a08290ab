import { Component, type ContextType, type ReactNode } from 'react'
import { I18nContext } from '../i18n'

/** The last net under a page: says that it broke and offers to load it again; the rest stays usable. */
export class CrashGuard extends Component<{ children: ReactNode; where?: string }, { broken?: string }> {
  static contextType = I18nContext
  declare context: ContextType<typeof I18nContext>
  state: { broken?: string } = {}
  static getDerivedStateFromError = () => ({ broken: location.pathname })
  componentDidUpdate(before: { where?: string }) {
    if (this.state.broken && before.where !== this.props.where) this.setState({ broken: undefined })
  }
  render() {
    if (!this.state.broken) return this.props.children
    const t = this.context!.t
    return <main id="main" tabIndex={-1}><div className="card state" role="alert"><h1 className="sech">{t('crash_t')}</h1><p>{t('crash_b')}</p><button className="btn primary" onClick={() => location.reload()}>{t('reload')}</button></div></main>
  }
}
