// The program itself, with the invented demo, in a scratch folder of its own.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export const binary = process.env.ADALID ?? fileURLToPath(new URL('../../../bin/adalid', import.meta.url))

/** Starts it and waits for the address that it prints; `stop` ends it and removes the folder, unless one is given. */
export async function serve({ dir: given, demo = true, flags = [], env = {} } = {}) {
  const dir = given ?? fs.mkdtempSync(path.join(os.tmpdir(), 'adalid-ui-'))
  const child = spawn(binary, ['serve', ...(demo ? ['--demo'] : []), '--data-dir', dir, '--address', '127.0.0.1:0', ...flags], { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, ...env } })
  let said = ''
  const base = await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the server did not say its address in 60 s: ' + said)), 60_000)
    child.on('error', reject)
    child.on('exit', code => reject(new Error(`the server ended with ${code}: ${said}`)))
    child.stderr.on('data', d => {
      said = (said + d).slice(-20_000)
      const at = /Adalid is at (http:\/\/[^/\s]+)/.exec(said)
      if (at) { clearTimeout(timer); resolve(at[1]) }
    })
  })
  child.removeAllListeners('exit')
  const stop = async () => {
    const ended = new Promise(r => child.once('exit', r))
    child.kill('SIGTERM')
    await ended
    if (!given) fs.rmSync(dir, { recursive: true, force: true })
  }
  return { base, stop, log: () => said }
}

/** Asks the API; anything but success is an error. */
export async function api(base, address, { method = 'GET', body, type = 'application/json' } = {}) {
  const r = await fetch(base + '/api/v1' + address, { method, body, headers: body ? { 'Content-Type': type } : {} })
  if (!r.ok) throw new Error(`${method} ${address}: ${r.status} ${await r.text()}`)
  return r.status === 204 ? null : r.json()
}
