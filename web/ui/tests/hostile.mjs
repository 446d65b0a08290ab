// Invented people whose names, handles and posts try to run or break something.
const shots = [
  '<script>window.__run=1</script>', '"><img src=x onerror=window.__run=1>', "'><svg onload=window.__run=1>", '<iframe srcdoc="<script>parent.__run=1</script>">',
  'javascript:window.__run=1', '<a href="javascript:window.__run=1">click</a>', '{{constructor.constructor("window.__run=1")()}}', '${window.__run=1}',
  '</title><script>window.__run=1</script>', '<math><mi xlink:href="data:x,<script>window.__run=1</script>">', '<style>*{background:url(//evil.example/x)}</style>', '<img src="//evil.example/pixel.gif">',
  '<details open ontoggle=window.__run=1>', '<base href="//evil.example/">', '<meta http-equiv=refresh content="0;url=//evil.example/">', '\u202Egnp.exe\u2066', 'Z̸̛͎a̷̹͝l̵̮̈́g̶̣̏ó̸͓', 'W'.repeat(300), '__proto__', 'null', '=cmd|\' /C calc\'!A0', '🏳️‍🌈🏳️‍🌈', '&lt;b&gt;', "\\u003cscript\\u003e",
]
export const brand = 'Q "><img src=x onerror=window.__run=1>/&?#%'

/** JSON Lines: 48 people, three posts each, the links among them no links at all. */
export function rows() {
  const out = []
  const now = Date.now()
  for (let who = 0; who < 48; who++) for (let k = 0; k < 3; k++) {
    const shot = shots[(who + k) % shots.length]
    out.push(JSON.stringify({
      platform: 'mastodon', post_id: `h${who}-${k}`, author: `hostile${who}`, author_id: `hostile${who}@evil.example`, author_name: shots[who % shots.length],
      created_at: new Date(now - (who * 3 + k) * 3_600_000).toISOString(), text: `I love it, it is great. ${shot} ${shots[(who * 7 + k) % shots.length]}`,
      url: ['javascript:window.__run=1', 'data:text/html,<script>window.__run=1</script>', 'https://social.example/ok'][k], likes: who * k,
    }))
  }
  return out.join('\n')
}
