// Stands in for platforms that need no key, on this machine: a search of Hacker
// News, hashtags of a Mastodon server, and a Lemmy server that answers nonsense.
import http from 'node:http'

const praise = ['Third bag of Lumbre this month, the medium roast is great', 'I love Lumbre, the best coffee I ever had', 'Lumbre again this morning. Excellent, thank you', 'If you try one roaster this year make it Lumbre, it is wonderful', 'My whole team drinks Lumbre now and they are happy']
const others = ['We sat around the lumbre and somebody played guitar until late', 'A lumbre in the garden, guitar and stars', 'The lumbre went out, the guitar did not']
const DAY = 86_400

/** Invented people with invented posts, the newest first. */
export function invented({ people = 130, now = Math.floor(Date.now() / 1000) } = {}) {
  const posts = []
  for (let who = 0; who < people; who++) for (let k = 0; k < 2 + (who % 4); k++) {
    const at = now - 3600 - Math.floor(((who * 7919 + k * 104729) % 2000) / 2000 * 25 * DAY)
    const wrong = (who + k) % 17 === 3
    posts.push({ id: 40_000_000 + who * 10 + k, who: 'reader' + who, at, text: (wrong ? others : praise)[(who + 3 * k) % (wrong ? 3 : 5)] + `, number ${who * 10 + k}.` })
  }
  return posts.sort((a, b) => b.at - a.at || b.id - a.id)
}

/** Serves them; `pause` is how long a page takes, in ms. */
export async function platforms({ pause = 120, ...options } = {}) {
  const posts = invented(options)
  const asked = []
  const server = http.createServer((req, res) => {
    const u = new URL(req.url, 'http://x')
    asked.push(u.pathname)
    const answer = (body, headers = {}) => setTimeout(() => { res.writeHead(200, { 'Content-Type': 'application/json', ...headers }); res.end(JSON.stringify(body)) }, pause)
    if (u.pathname === '/api/v1/search_by_date') {
      const words = (u.searchParams.get('query') ?? '').replaceAll('"', '').toLowerCase()
      const [, low = '0'] = /created_at_i>=(\d+)/.exec(u.searchParams.get('numericFilters')) ?? [], [, high = '9999999999'] = /created_at_i<=(\d+)/.exec(u.searchParams.get('numericFilters')) ?? []
      const page = Number(u.searchParams.get('page')), size = 100
      const hits = posts.filter(p => p.text.toLowerCase().includes(words) && p.at >= Number(low) && p.at <= Number(high))
      return answer({ nbHits: hits.length, hitsPerPage: size, hits: hits.slice(page * size, (page + 1) * size).map(p => ({ objectID: String(p.id), created_at_i: p.at, author: p.who, comment_text: p.text, story_id: 1, parent_id: 1, points: null, num_comments: null, _tags: ['comment', 'author_' + p.who] })) })
    }
    if (/^\/v0\/user\//.test(u.pathname)) return answer({ id: u.pathname.slice(9).replace('.json', ''), created: 1_400_000_000, karma: 1 })
    if (/^\/v0\//.test(u.pathname)) return answer(null)
    const tag = /^\/api\/v1\/timelines\/tag\/(.+)$/.exec(u.pathname)
    if (tag) {
      const max = u.searchParams.get('max_id'), min = u.searchParams.get('min_id')
      const id = p => String(110_000_000_000_000_000n + BigInt(p.at) * 1000n + BigInt(p.id % 1000))
      const list = decodeURIComponent(tag[1]).toLowerCase().startsWith('lumbre') && !min ? posts.filter((p, i) => i % 6 === 0 && /coffee|team|bag/.test(p.text) && (!max || id(p) < max)).slice(0, 40) : []
      return answer(list.map(p => ({
        id: id(p), uri: `https://social.example/${p.id}`, url: `https://social.example/@${p.who}/${p.id}`, created_at: new Date(p.at * 1000).toISOString(), content: `<p>${p.text} #lumbre</p>`, visibility: 'public', language: 'en',
        favourites_count: p.id % 9, reblogs_count: p.id % 4, replies_count: 0, mentions: [],
        account: { id: p.who, username: p.who, acct: p.who, url: `https://social.example/@${p.who}`, uri: `https://social.example/users/${p.who}`, display_name: 'Reader ' + p.who.slice(6), created_at: '2019-01-01T00:00:00Z', followers_count: 20 + (p.id % 900), following_count: 10, statuses_count: 300 },
      })))
    }
    if (/^\/api\/v3\//.test(u.pathname)) { res.writeHead(200, { 'Content-Type': 'text/html' }); return res.end('<p>Under maintenance</p>') }
    answer([])
  })
  await new Promise(r => server.listen(0, '127.0.0.1', r))
  const base = 'http://127.0.0.1:' + server.address().port
  return { base, asked, stop: () => new Promise(r => { server.closeAllConnections(); server.close(r) }) }
}

/** Points every kind that needs no key to the stand-in, or switches it off: nothing else is ever asked. */
export async function redirect(api, base, to) {
  const put = (name, settings, enabled = true) => api(base, '/sources/' + name, { method: 'PUT', body: JSON.stringify({ kind: name, enabled, settings }) })
  await put('hackernews', { server: to, item_server: to })
  await put('mastodon', { servers: [to] })
  await put('lemmy', { servers: [to] })
  await put('bluesky', {}, false)
  await put('stackexchange', {}, false)
}
