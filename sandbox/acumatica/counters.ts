/** How often what was asked, by kind of request. */
export class Counters {
  #requests = new Map<string, number>();

  count(kind: string): void {
    this.#requests.set(kind, (this.#requests.get(kind) ?? 0) + 1);
  }

  requests(): Record<string, number> {
    return Object.fromEntries([...this.#requests].sort(([a], [b]) => a.localeCompare(b)));
  }

  reset(): void {
    this.#requests = new Map();
  }
}

const entities = new Set(['bill', 'purchaseorder', 'check', 'payment', 'journaltransaction', 'vendor', 'customer']);
const bare = /^\/entity\/[^/]+\/[^/]+/;

/** The kind of a request, from its method and the path below the site: `bill.list`, `bill.get`, `action.Approve`, `token` … */
export function requestKind(method: string, path: string): string {
  const plain = path.replace(/\/+$/, '');
  if (plain.startsWith('/identity'))
    return plain.slice(plain.lastIndexOf('/') + 1).replace('openid-configuration', 'discovery');
  if (plain === '/entity') return 'versions';
  if (plain.startsWith('/entity/auth/')) return plain.slice('/entity/auth/'.length);
  const [entity = '', second, third] = plain.replace(bare, '').split('/').slice(1);
  const name = entity.toLowerCase();
  if (!entities.has(name)) return name || 'other';
  if (second === '$adHocSchema') return 'schema';
  if (third === 'status') return 'status';
  if (method === 'POST') return `action.${second ?? ''}`;
  if (method === 'GET') return second === undefined ? `${name}.list` : `${name}.get`;
  return `${name}.${method.toLowerCase()}`;
}
