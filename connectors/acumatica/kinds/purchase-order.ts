import { type Kind, workflowActions } from './kind.ts';

/** Purchase Orders. What is approved is printed or e-mailed and then open; nothing of it is posted to the ledger. */
export const purchaseOrder: Kind = {
  kind: 'purchase_order',
  cadence: '*/2 * * * *',
  entity: 'PurchaseOrder',
  screen: 'PO301000',
  key: { type: 'Type', reference: 'OrderNbr' },
  fields: {
    vendor: 'VendorID',
    vendorReference: 'VendorRef',
    amount: 'OrderTotal',
    currency: 'CurrencyID',
    date: 'Date',
    promisedOn: 'PromisedOn',
    description: 'Description',
    terms: 'Terms',
    branch: 'Branch',
    owner: 'Owner',
  },
  lines: {
    detail: 'Details',
    fields: {
      description: ['LineDescription', 'InventoryID'],
      quantity: ['OrderQty'],
      amount: ['ExtendedCost'],
      account: ['Account'],
    },
  },
  types: ['Normal', 'Drop-Ship', 'Project Drop-Ship', 'Blanket', 'Standard'],
  statuses: new Map([
    ['On Hold', ['held', 'unhold']],
    ['Pending Approval', ['waiting', 'approve', 'reject', 'hold']],
    ['Rejected', ['rejected']],
    ['Pending Printing', ['ready', 'hold']],
    ['Pending Email', ['ready', 'hold']],
    ['Open', ['posted']],
    ['Completed', ['closed']],
    ['Closed', ['closed']],
    ['Canceled', ['voided']],
    ['Awaiting Link', ['other']],
  ]),
  actions: workflowActions('PurchaseOrder'),
  declared: [],
  link: {
    type: 'OrderType',
    reference: 'OrderNbr',
    codes: { Normal: 'RO', 'Drop-Ship': 'DP', Blanket: 'BL', Standard: 'SB' },
  },
};
