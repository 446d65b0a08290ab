// Invented people by the thousand, to measure with: the same every time.
import fs from 'node:fs'

const first = ['Ana', 'Bruno', 'Carla', 'Dan', 'Eva', 'Fermín', 'Gala', 'Hugo', 'Iris', 'Jon', 'Kira', 'Leo', 'Mara', 'Nico', 'Olga', 'Pau', 'Quim', 'Rita', 'Saúl', 'Tess']
const last = ['Abril', 'Blaydon', 'Corvera', 'Dunmore', 'Espinar', 'Farrow', 'Gresham', 'Holt', 'Ibarra', 'Jarvis', 'Kessel', 'Larrea', 'Merton', 'Navas', 'Orwell', 'Pradera', 'Quill', 'Rioja', 'Sorel', 'Tamarit']
const texts = ['I love {b}, the best I ever had', 'me encanta {b}, es de lo mejor', '{b} is all right I suppose', 'otra vez {b} esta mañana', 'the delivery of {b} was awful', '{b} makes my mornings better, thank you', 'qué mal servicio el de {b}', 'a cup of {b} beside the window']
const platforms = ['mastodon', 'bluesky', 'reddit', 'x', 'instagram', 'lemmy']

/** A small generator of numbers in [0, 1) (mulberry32). */
function dice(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0
    let x = Math.imul(seed ^ (seed >>> 15), 1 | seed)
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Writes so many posts by so many people as JSON Lines; every one of them posts, few post most, two in five posts name somebody. */
export function write(file, brand, { people, posts, until = Date.UTC(2026, 5, 1) }) {
  const roll = dice(7), out = fs.openSync(file, 'w')
  const who = n => ({ platform: platforms[n % platforms.length], author: `${first[n % 20].toLowerCase()}_${last[Math.floor(n / 20) % 20].toLowerCase()}${n}`, author_id: `u${n}`, author_name: `${first[n % 20]} ${last[Math.floor(n / 20) % 20]}` })
  let lines = []
  for (let i = 0; i < posts; i++) {
    const n = i < people ? i : Math.floor(people * roll() ** 4), a = who(n)
    let text = texts[Math.floor(roll() * texts.length)].replace('{b}', brand) + ` ${i}`
    if (roll() < 0.4) { const peer = Math.floor(people * roll() ** 4); text += ` @${who(peer - (peer % platforms.length) + (n % platforms.length)).author}` }
    lines.push(JSON.stringify({ ...a, post_id: `p${i}`, created_at: new Date(until - Math.floor(roll() * 365 * 86_400) * 1000).toISOString(), text, likes: Math.floor(3 / (roll() + 0.01)), followers: Math.floor(50 / (roll() ** 2 + 1e-4)) }))
    if (lines.length === 5000 || i === posts - 1) { fs.writeSync(out, lines.join('\n') + '\n'); lines = [] }
  }
  fs.closeSync(out)
}
