import { startTransition, useCallback, useEffect, useRef, useState } from 'react'
import { flushSync } from 'react-dom'

/** Rows that come at once when the reader gets near the last one that is drawn. */
const FEWEST = 10

type Drawn<T> = { rows: T[]; n: number }

/** The same list, perhaps with more pages. */
const goesOn = <T extends { id: string }>({ rows: before }: Drawn<T>, rows: T[]) =>
  before.length > 0 && before.length <= rows.length && before[0].id === rows[0].id && before.at(-1)!.id === rows[before.length - 1].id

/**
 * How many rows of a table are drawn. Of a new result those in sight, of the very
 * first one none before its frame; the others when the reader comes near them, all
 * of them for the printer. `below` is for an element as high as those that are not.
 */
export function useDrawn<T extends { id: string }>(rows: T[], sight: number) {
  const [drawn, setDrawn] = useState<Drawn<T>>({ rows: [], n: 0 })
  const count = Math.min(rows.length, goesOn(drawn, rows) ? drawn.n : drawn.rows.length ? sight : 0)
  // Of the same list never fewer: what is asked for may come after what was asked for later.
  const draw = useCallback((n: number) => setDrawn(d => ({ rows, n: goesOn(d, rows) ? Math.max(d.n, n) : n })), [rows])
  useEffect(() => {
    if (!count && rows.length) startTransition(() => draw(sight))
    else if (drawn.rows !== rows) draw(Math.max(count, Math.min(sight, rows.length)))
  }, [rows, count, sight, drawn.rows, draw])

  const below = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const rest = below.current
    if (!rest || !count) return
    const near = new IntersectionObserver(told => {
      const seen = told.at(-1)! // a busy page is told of several moments at once: the last is how things are
      if (!seen.isIntersecting) return
      const each = rest.offsetHeight / (rows.length - count) || 1, deep = innerHeight * 1.5 - seen.boundingClientRect.top
      startTransition(() => draw(count + Math.max(FEWEST, Math.ceil(deep / each))))
    }, { rootMargin: '0px 0px 50%' })
    near.observe(rest)
    return () => near.disconnect()
  }, [rows, count, drawn, draw])
  useEffect(() => {
    const all = () => flushSync(() => draw(rows.length))
    addEventListener('beforeprint', all)
    return () => removeEventListener('beforeprint', all)
  }, [rows, draw])
  return { count, below }
}
