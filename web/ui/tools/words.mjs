// Both languages name the same placeholders, every word has one key and is used,
// and no text for people stands in the sources beside them.
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const src = fileURLToPath(new URL('../src', import.meta.url))
const files = fs.readdirSync(src, { recursive: true }).filter(f => /\.tsx?$/.test(f) && !f.startsWith('i18n') && f !== 'schema.d.ts').map(f => [f, fs.readFileSync(path.join(src, f), 'utf8')])
const catalogue = lang => fs.readdirSync(path.join(src, 'i18n', lang)).map(f => [f, fs.readFileSync(path.join(src, 'i18n', lang, f), 'utf8')])
const keys = text => [...text.matchAll(/^ {2}(\w+): '((?:[^'\\]|\\.)*)',$/gm)].map(m => [m[1], m[2]])
const words = lang => new Map(catalogue(lang).flatMap(([, text]) => keys(text)))
const en = words('en'), es = words('es')
const holes = s => [...s.matchAll(/\{(\w+)\}/g)].map(m => m[1]).sort().join(' ')
const wrong = []
// All files of a language become one list, in which a key of two files would have the words of the later.
for (const lang of ['en', 'es']) {
  const from = new Map()
  for (const [f, text] of catalogue(lang)) for (const [k] of keys(text)) {
    if (from.has(k)) wrong.push(`${k} is in ${from.get(k)} and in ${f} of ${lang}`)
    from.set(k, f)
  }
}
for (const [k, v] of en) if (holes(v) !== holes(es.get(k) ?? '')) wrong.push(`${k}: {${holes(v)}} in English, {${holes(es.get(k) ?? '')}} in Spanish`)
if (en.size < 300 || en.size !== es.size) wrong.push(`${en.size} words in English, ${es.size} in Spanish: the file is not read as it should be`)

// A key is named whole, with its plural cut off, or made of a beginning such as v_${view}.
const all = files.map(f => f[1]).join('\n')
const made = [...all.matchAll(/`(\w*_)\$\{/g)].map(m => m[1])
for (const k of en.keys()) {
  const stem = k.replace(/_(one|other)$/, '')
  if (!new RegExp(`['"\`]${stem}['"\`]|\\b${stem}:`).test(all) && !made.some(b => b.length > 1 && k.startsWith(b)) && !/_h$/.test(k)) wrong.push(`${k} is used nowhere`)
}
// What is fetched at once says only what is fetched with it.
const first = new Set(['shell.ts', 'advocates.ts'].flatMap(f => keys(fs.readFileSync(path.join(src, 'i18n/en', f), 'utf8')).map(([k]) => k)))
const reached = new Set()
const reach = f => {
  const found = ['', '.ts', '.tsx'].map(e => f + e).find(f => files.some(([name]) => name === f))
  if (!found || reached.has(found)) return
  reached.add(found)
  for (const [, to] of files.find(([name]) => name === found)[1].matchAll(/^(?:import|export) (?!type ).*? from '(\.[^']+)'/gm)) reach(path.join(path.dirname(found), to))
}
reach('main.tsx')
if (reached.size < 10) wrong.push(`only ${[...reached]} is reached from main.tsx: the imports are not read as they should be`)
for (const f of reached) for (const [, k] of files.find(([name]) => name === f)[1].matchAll(/\btn?\('(\w+)'/g)) for (const key of [k, k + '_one']) if (en.has(key) && !first.has(key)) wrong.push(`${f} says ${key}, which comes later: it belongs into shell.ts or advocates.ts`)

// What a reader sees or hears: text between tags, and attributes that are read out.
const proper = new Set(['Adalid', 'nDCG', 'Esc', 'adalid import --brand "', '" export.csv'])
for (const [f, text] of files.filter(f => f[0].endsWith('.tsx'))) {
  const tree = ts.createSourceFile(f, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX)
  const look = n => {
    const said = ts.isJsxText(n) ? n.text : ts.isJsxAttribute(n) && /^(title|placeholder|alt|aria-label)$/.test(n.name.getText()) && n.initializer && ts.isStringLiteral(n.initializer) ? n.initializer.text : ''
    if (/\p{L}{2,}/u.test(said) && !proper.has(said.trim())) wrong.push(`${f}: “${said.trim()}” is not in the catalogue`)
    ts.forEachChild(n, look)
  }
  look(tree)
}
for (const w of wrong) console.log(w)
console.log(`${en.size} words in two languages`)
process.exit(wrong.length ? 1 : 0)
