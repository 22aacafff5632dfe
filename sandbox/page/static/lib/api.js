/** An answer other than 2xx, with what the simulator said about it. */
export class ApiError extends Error {
  constructor(status, message, body) {
    super(message);
    this.status = status;
    this.body = body;
  }
}

async function call(method, address, body) {
  const response = await fetch(address, {
    method,
    headers: body === undefined ? {} : { 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  let parsed = null;
  try {
    parsed = text === '' ? null : JSON.parse(text);
  } catch {
    if (response.ok) throw new ApiError(response.status, `${address}: the answer is not JSON`, text);
  }
  if (!response.ok) {
    const said = parsed?.error ?? parsed?.message ?? text.slice(0, 200);
    const words = typeof said === 'string' ? said : JSON.stringify(said);
    throw new ApiError(response.status, words || `${response.status} ${response.statusText}`, parsed);
  }
  return parsed;
}

export const get = (address) => call('GET', address);
export const post = (address, body = {}) => call('POST', address, body);
export const patch = (address, body) => call('PATCH', address, body);
export const remove = (address, body) => call('DELETE', address, body);

/**
 * Follows a server-sent event stream; the browser reconnects by itself.
 * `onReturn` runs when the stream is back after a break, to read what was missed.
 */
export function follow(address, handlers, onReturn) {
  const source = new EventSource(address);
  let broken = false;
  for (const [name, handle] of Object.entries(handlers)) {
    source.addEventListener(name, (event) => handle(event.data ? JSON.parse(event.data) : {}));
  }
  source.addEventListener('error', () => {
    broken = true;
  });
  source.addEventListener('open', () => {
    if (broken) onReturn?.();
    broken = false;
  });
  return source;
}
