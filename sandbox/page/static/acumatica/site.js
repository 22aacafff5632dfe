import { get, patch, post, remove } from '../lib/api.js';

const BASE = '/admin/acumatica';

function address({ type, ref }, rest = '') {
  return `${BASE}/bills/${encodeURIComponent(ref)}${rest}?type=${encodeURIComponent(type)}`;
}

/** The simulated site, past its API: what its own screens would do. */
export const site = {
  about: () => get(BASE),
  bills: (limit) => get(`${BASE}/bills?limit=${limit}`),
  bill: (bill) => get(address(bill)),
  add: (fields) => post(`${BASE}/bills`, fields),
  addMany: (count) => post(`${BASE}/bills/generate`, { count }),
  edit: (bill, changes) => patch(address(bill), changes),
  drop: (bill) => remove(address(bill)),
  act: (bill, action, reason) => post(address(bill, `/actions/${action}`), reason ? { reason } : {}),
  clock: (change) => post(`${BASE}/clock`, change),
  stream: `${BASE}/stream`,
};
