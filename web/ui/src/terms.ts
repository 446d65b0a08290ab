// The simple queries of a brand as two lists of words: those it is written as,
// and those that mean something else. Everything else is written as a query.
export type Terms = { any: string[]; not: string[] }

const term = /^[@#]?[\p{L}\p{N}_][^\s:()"]*$/u
const operator = /^(AND|OR|NOT|NEAR(\/\d+)?)$/i
const plain = (s: string) => (s.startsWith('"') && s.endsWith('"') && s.length > 2 ? s.slice(1, -1) : term.test(s) && !operator.test(s) ? s : undefined)

/** Reads a query of that kind; undefined for any other. */
export function readTerms(query: string): Terms | undefined {
  const tokens = query.match(/[()]|-?"[^"]*"|[^\s()"]+/g) ?? []
  if (tokens.join('').replace(/\s+/g, '') !== query.replace(/\s+/g, '')) return undefined
  let at = 0
  const any: string[] = [], not: string[] = []
  const grouped = tokens[at] === '(' && ++at > 0
  for (;;) {
    const x = tokens[at] && plain(tokens[at])
    if (!x) return at === 0 && tokens.length === 0 ? { any, not } : undefined
    any.push(x)
    at++
    if (tokens[at] !== 'OR') break
    at++
  }
  if (grouped && tokens[at++] !== ')') return undefined
  for (; at < tokens.length; at++) {
    const x = tokens[at] === 'NOT' ? tokens[++at] && plain(tokens[at]) : tokens[at].startsWith('-') ? plain(tokens[at].slice(1)) : undefined
    if (!x) return undefined
    not.push(x)
  }
  return not.length && any.length > 1 && !grouped ? undefined : { any, not }
}

const quoted = (s: string) => (term.test(s) && !operator.test(s) ? s : `"${s}"`)

/** Writes the lists as a query. */
export function writeTerms({ any, not }: Terms): string {
  const words = any.map(quoted).join(' OR ')
  return [any.length > 1 && not.length ? `(${words})` : words, ...not.map(x => '-' + quoted(x))].filter(Boolean).join(' ')
}

/** Leaves out posts with a word, whatever the query. */
export function without(query: string, exclusion: string): string {
  const x = exclusion.trim()
  const negated = /^(-|NOT\s)/i.test(x) ? x : '-' + x
  const q = query.trim()
  const t = readTerms(q)
  if (t) {
    const more = readTerms(`x ${negated}`)
    if (more) return writeTerms({ any: t.any, not: [...t.not, ...more.not.filter(w => !t.not.includes(w))] })
  }
  return q ? `(${q}) ${negated}` : negated
}
