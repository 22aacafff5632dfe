import { get, patch, post, remove } from '../lib/api.js';

const BASE = '/admin/intacct';

/** The simulated company, past its gateway: what its own screens would do. */
export const site = {
  about: () => get(BASE),
  screens: () => get(`${BASE}/screens`),
  records: (object, limit) => get(`${BASE}/screens/${object}?limit=${limit}`),
  record: ({ object, key }) => get(`${BASE}/screens/${object}/${key}`),
  change: ({ object, key }, fields) => patch(`${BASE}/objects/${object}/${key}`, fields),
  drop: ({ object, key }) => remove(`${BASE}/objects/${object}/${key}`),
  decideBill: ({ key }, action) => post(`${BASE}/bills/${key}/actions/${action}`),
  movePayment: ({ key }, action) => post(`${BASE}/payments/${key}/actions/${action}`),
  payBill: ({ key }) => post(`${BASE}/payments`, { bill: key }),
  addBill: (state) => post(`${BASE}/bills`, { state }),
  addEntry: (wish) => post(`${BASE}/entries`, wish),
  clock: (change) => post(`${BASE}/clock`, change),
};
