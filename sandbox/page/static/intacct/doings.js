import { site } from './site.js';

const setState = (state) => (record) => site.change(record, { STATE: state });

/** What somebody in the company can do with a record of each screen, by the status that it is in. */
export const DOINGS = {
  APBILL: [
    {
      id: 'approve',
      name: 'Approve',
      from: ['Submitted'],
      look: 'primary',
      run: (bill) => site.decideBill(bill, 'approve'),
    },
    {
      id: 'decline',
      name: 'Decline',
      from: ['Submitted'],
      look: 'danger',
      run: (bill) => site.decideBill(bill, 'decline'),
    },
    { id: 'pay', name: 'Request payment', from: ['Posted'], look: 'primary', run: (bill) => site.payBill(bill) },
  ],
  APPYMT: [
    {
      id: 'approve',
      name: 'Approve',
      from: ['Submitted', 'Partially Approved'],
      look: 'primary',
      run: (payment) => site.movePayment(payment, 'approve'),
    },
    {
      id: 'decline',
      name: 'Decline',
      from: ['Submitted', 'Partially Approved'],
      look: 'danger',
      run: (payment) => site.movePayment(payment, 'decline'),
    },
    {
      id: 'confirm',
      name: 'Confirm',
      from: ['Approved', 'Delivered'],
      look: 'primary',
      run: (payment) => site.movePayment(payment, 'confirm'),
    },
    { id: 'void', name: 'Void', from: ['Posted'], look: 'danger', run: (payment) => site.movePayment(payment, 'void') },
  ],
  GLBATCH: [
    {
      id: 'post',
      name: 'Post',
      from: ['Draft', 'Submitted', 'Approved', 'Declined'],
      look: 'primary',
      run: setState('Posted'),
    },
    { id: 'submit', name: 'Submit', from: ['Draft'], run: setState('Submitted') },
    { id: 'decline', name: 'Decline', from: ['Submitted'], look: 'danger', run: setState('Declined') },
  ],
  VENDOR: [
    {
      id: 'retire',
      name: 'Make inactive',
      from: ['active'],
      look: 'danger',
      run: (vendor) => site.change(vendor, { STATUS: 'inactive' }),
    },
    {
      id: 'revive',
      name: 'Make active',
      from: ['inactive'],
      look: 'primary',
      run: (vendor) => site.change(vendor, { STATUS: 'active' }),
    },
  ],
};

/** What can come in on each screen. */
export const ARRIVALS = {
  APBILL: [
    { name: 'A bill to approve', run: () => site.addBill('S') },
    { name: 'A posted bill', run: () => site.addBill('A') },
  ],
  APPYMT: [],
  GLBATCH: [
    { name: 'A posted entry', run: () => site.addEntry({ state: 'P' }) },
    { name: 'An entry to approve', run: () => site.addEntry({ state: 'S' }) },
    { name: 'A draft that does not balance', run: () => site.addEntry({ state: 'I', balance: 'too little credit' }) },
    {
      name: 'A draft that balances across entities only',
      run: () => site.addEntry({ state: 'I', balance: 'balanced across entities only' }),
    },
  ],
  VENDOR: [],
};
