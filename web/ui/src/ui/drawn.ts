import { startTransition, useCallback, useEffect, useRef, useState } from 'react'
import { flushSync } from 'react-dom'

/** Rows that come at once when the reader gets near the last one that is drawn. */
const FEWEST = 10

/**
 * How many rows of a table are drawn. Of a new result those in sight, of the very
 * first one none before its frame; the others when the reader comes near them, all
 * of them for the printer. `below` is for an element as high as those that are not.
 */
export function useDrawn<T extends { id: string }>(rows: T[], sight: number) {
  const [drawn, setDrawn] = useState<{ rows: T[]; n: number }>({ rows: [], n: 0 })
  const goesOn = drawn.rows.length > 0 && drawn.rows.length <= rows.length && drawn.rows[0].id === rows[0]?.id && drawn.rows.at(-1)!.id === rows[drawn.rows.length - 1]?.id
  const count = Math.min(rows.length, goesOn ? drawn.n : drawn.rows.length ? sight : 0)
  const draw = useCallback((n: number) => setDrawn({ rows, n }), [rows])
  useEffect(() => {
    if (!count && rows.length) startTransition(() => draw(sight))
    else if (drawn.rows !== rows) draw(Math.max(count, Math.min(sight, rows.length)))
  }, [rows, count, sight, drawn.rows, draw])

  const below = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const rest = below.current
    if (!rest || !count) return
    const near = new IntersectionObserver(([seen]) => {
      if (!seen.isIntersecting) return
      const each = rest.offsetHeight / (rows.length - count) || 1, deep = innerHeight * 1.5 - seen.boundingClientRect.top
      startTransition(() => draw(count + Math.max(FEWEST, Math.ceil(deep / each))))
    }, { rootMargin: '0px 0px 50%' })
    near.observe(rest)
    return () => near.disconnect()
  }, [rows, count, draw])
  useEffect(() => {
    const all = () => flushSync(() => draw(rows.length))
    addEventListener('beforeprint', all)
    return () => removeEventListener('beforeprint', all)
  }, [rows, draw])
  return { count, below }
}
