// A running scan, followed by server-sent events. Each event is the whole record,
// so a broken connection loses nothing.
import { useEffect, useRef, useState } from 'react'
import { ApiError, client, take, type Schemas } from './api'

type Scan = Schemas['Scan']

/** Follows a scan until it ends or nobody looks any more. `lost` while the connection is broken: it is tried again by itself. */
export function useScan(brand: string, scan: Scan | undefined, onEnd?: (scan: Scan) => void) {
  const [now, setNow] = useState(scan)
  const [lost, setLost] = useState(false)
  const ended = useRef(onEnd)
  ended.current = onEnd
  const id = scan?.id, running = scan?.state === 'running'
  useEffect(() => {
    setNow(scan)
    setLost(false)
    if (!id || !running) return
    let events: EventSource | undefined, timer = 0, over = false, tries = 0
    const end = (s: Scan) => { over = true; events?.close(); setNow(s); ended.current?.(s) }
    const read = (e: Event) => { tries = 0; setLost(false); setNow(JSON.parse((e as MessageEvent).data)) }
    const open = () => {
      events = new EventSource(`/api/v1/brands/${encodeURIComponent(brand)}/scans/${encodeURIComponent(id)}/events`)
      events.addEventListener('progress', read)
      events.addEventListener('end', e => end(JSON.parse((e as MessageEvent).data)))
      events.onerror = () => {
        if (over) return
        setLost(true)
        // The browser tries a broken line again by itself, a refused one never: then the scan is asked how it is.
        if (events!.readyState === EventSource.CLOSED) timer = window.setTimeout(again, Math.min(20_000, 1000 * 2 ** tries++))
      }
    }
    const again = () => {
      take(client.GET('/brands/{brand}/scans/{id}', { params: { path: { brand, id } } })).then(
        s => { if (over) return; if (s.state === 'running') { setNow(s); open() } else end(s) },
        (e: unknown) => { if (!over && !(e instanceof ApiError && [401, 403, 404].includes(e.status))) timer = window.setTimeout(again, Math.min(20_000, 1000 * 2 ** tries++)) },
      )
    }
    open()
    return () => { over = true; clearTimeout(timer); events?.close() }
    // A new scan is a new stream; what is known of this one comes by its events.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [brand, id, running])
  return { scan: now?.id === id ? now : scan, lost }
}

/** How many sources a scan has read so far, and of how many. */
export const scanned = (s: Scan, sources: number) => ({ a: s.legs.filter(l => l.state !== 'running').length, b: Math.max(s.sources?.length ?? sources, s.legs.length) })
