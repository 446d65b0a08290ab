// What the first screen will ask the server for, asked before the app is there:
// it comes while the scripts do.
const asked = new Map<string, Promise<Response>>()

export function ask(address: string) {
  const url = new URL(address, location.origin).href, answer = fetch(url)
  answer.catch(() => asked.delete(url)) // the app asks again and says what is wrong
  asked.set(url, answer)
}

/** The answer to a request that was made early, once. */
export function early(request: Request) {
  const answer = request.method === 'GET' ? asked.get(request.url) : undefined
  asked.delete(request.url)
  return answer
}
