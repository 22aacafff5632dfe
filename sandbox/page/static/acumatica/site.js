import { get, patch, post, remove } from '../lib/api.js';

const BASE = '/admin/acumatica';

function address({ form, type, ref }, rest = '') {
  return `${BASE}/${form}/${encodeURIComponent(ref)}${rest}?type=${encodeURIComponent(type)}`;
}

/** Each document carries the form that it is of. */
const of = (form) => (document) => ({ ...document, form });

/** The simulated site, past its API: what its own screens would do. */
export const site = {
  about: () => get(BASE),
  async documents(form, limit) {
    const { total, documents } = await get(`${BASE}/${form}?limit=${limit}`);
    return { total, documents: documents.map(of(form)) };
  },
  document: (document) => get(address(document)).then(of(document.form)),
  add: (form, fields) => post(`${BASE}/${form}`, fields).then(of(form)),
  addManyBills: (count) => post(`${BASE}/bills/generate`, { count }),
  edit: (document, changes) => patch(address(document), changes).then(of(document.form)),
  drop: (document) => remove(address(document)),
  act: (document, action, reason) =>
    post(address(document, `/actions/${action}`), reason ? { reason } : {}).then(of(document.form)),
  clock: (change) => post(`${BASE}/clock`, change),
  stream: `${BASE}/stream`,
};
