import { amount, cents, sum } from '../ledger/amounts.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Row } from '../ledger/row.ts';
import type { Settings } from '../settings.ts';
import { documentStamps, megaEntity, ownEntity, plainStamps, recordUrl } from './common.ts';
import {
  amounts,
  choice,
  dates,
  derived,
  integers,
  labels,
  type ObjectType,
  status,
  texts,
  truth,
} from './object-type.ts';

/** Codes as documented for readByQuery; what a posted bill is beyond that only its label says. */
const billStates = labels(
  'Draft:D Partially_Approved:PA Submitted:S Declined:U Posted:A Selected:A Partially_Paid:A Paid:A Reversed:V Reversal:V',
);

const vendorOf = (row: Row, ledger: Ledger) => ledger.where('VENDOR', 'VENDORID', row.VENDORID)[0];
const vendorName = derived('VENDORNAME', 'text', (row, ledger) => vendorOf(row, ledger)?.NAME);
const vendorJoin = { VENDOR: { object: 'VENDOR', key: vendorOf } };
const fixed = (id: string, value: string) => derived(id, 'text', () => value);

function billLabel(row: Row): string {
  if (row.STATE !== 'A') return billStates.find(({ code }) => code === row.STATE)?.label ?? String(row.STATE);
  if (cents(row.TOTALSELECTED) > 0n) return 'Selected';
  if (cents(row.TOTALPAID) === 0n) return 'Posted';
  return cents(row.TOTALDUE) === 0n ? 'Paid' : 'Partially Paid';
}

const totals = 'TOTALENTERED TOTALSELECTED TOTALPAID TOTALDUE';
const trxTotals = 'TRX_TOTALENTERED TRX_TOTALSELECTED TRX_TOTALPAID TRX_TOTALDUE';

export const apBill: ObjectType = {
  name: 'APBILL',
  naturalKey: 'RECORDID',
  fields: [
    ...integers('RECORDNO'),
    fixed('RECORDTYPE', 'pi'),
    ...texts('RECORDID'),
    choice('STATE', billStates, { label: billLabel }),
    derived('RAWSTATE', 'text', (row) => row.STATE),
    ...texts('VENDORID'),
    vendorName,
    ...texts('DOCNUMBER TERMNAME DESCRIPTION'),
    ...dates('WHENCREATED WHENPOSTED WHENDUE WHENPAID RECPAYMENTDATE'),
    ...texts('PAYMENTPRIORITY'),
    ...amounts(`${totals} ${trxTotals}`),
    truth('ONHOLD'),
    ...texts('BASECURR CURRENCY EXCHANGE_RATE PRBATCH MODULEKEY'),
    ...integers('PRBATCHKEY'),
    ...documentStamps,
    ...megaEntity,
    recordUrl('APBILL'),
  ],
  joins: vendorJoin,
  lines: { list: 'APBILLITEMS', object: 'APBILLITEM', by: 'RECORDKEY' },
  entityKey: ownEntity,
};

const parentEntity = (object: string, by: string) => (row: Row, ledger: Ledger) =>
  ledger.get(object, row[by])?.MEGAENTITYKEY;

export const apBillItem: ObjectType = {
  name: 'APBILLITEM',
  naturalKey: 'RECORDNO',
  fields: [
    ...integers('RECORDNO RECORDKEY LINE_NO'),
    ...amounts('AMOUNT TRX_AMOUNT'),
    ...texts('ACCOUNTNO ENTRYDESCRIPTION DEPARTMENTID LOCATIONID STATE CURRENCY'),
    ...plainStamps,
  ],
  joins: { APBILL: { object: 'APBILL', key: (row, ledger) => ledger.get('APBILL', row.RECORDKEY) } },
  entityKey: parentEntity('APBILL', 'RECORDKEY'),
};

/** The refusal of an approver is in no published list of codes; the company's own label is a setting. */
export function apPayment(settings: Settings): ObjectType {
  return {
    name: 'APPYMT',
    naturalKey: 'RECORDID',
    fields: [
      ...integers('RECORDNO'),
      fixed('RECORDTYPE', 'pp'),
      ...texts('RECORDID FINANCIALENTITY'),
      {
        id: 'STATE',
        type: 'enum',
        get values() {
          const published = 'Draft:D Submitted:S Approved:A Posted:C Voided:V';
          return labels(`${published} Partially_Approved:PA Delivered:E ${settings.declinedPayment}:U`);
        },
      },
      ...texts('PAYMENTMETHOD VENDORID'),
      vendorName,
      ...texts('DOCNUMBER DESCRIPTION'),
      ...dates('WHENCREATED WHENPAID'),
      ...texts('BASECURR CURRENCY'),
      ...amounts('TOTALENTERED TOTALPAID TRX_TOTALENTERED TRX_TOTALPAID'),
      ...texts('PRBATCH'),
      ...integers('PRBATCHKEY'),
      truth('CLEARED'),
      ...dates('CLRDATE'),
      ...texts('PAYMENTREQUESTMETHOD'),
      ...documentStamps,
      ...megaEntity,
      recordUrl('APPYMT'),
    ],
    joins: vendorJoin,
    lines: { list: 'APPYMTDETAILS', object: 'APPYMTDETAIL', by: 'PAYMENTKEY' },
    entityKey: ownEntity,
  };
}

export const apPaymentDetail: ObjectType = {
  name: 'APPYMTDETAIL',
  naturalKey: 'RECORDNO',
  fields: [
    ...integers('RECORDNO PAYMENTKEY RECORDKEY ENTRYKEY'),
    ...amounts('PAYMENTAMOUNT TRX_PAYMENTAMOUNT'),
    ...integers('ADJUSTMENTKEY'),
    ...texts('STATE CURRENCY'),
    ...plainStamps,
  ],
  joins: {
    APPYMT: { object: 'APPYMT', key: (row, ledger) => ledger.get('APPYMT', row.PAYMENTKEY) },
    APBILL: { object: 'APBILL', key: (row, ledger) => ledger.get('APBILL', row.RECORDKEY) },
  },
  entityKey: parentEntity('APPYMT', 'PAYMENTKEY'),
};

export const apAdjustment: ObjectType = {
  name: 'APADJUSTMENT',
  naturalKey: 'RECORDID',
  fields: [
    ...integers('RECORDNO'),
    fixed('RECORDTYPE', 'pa'),
    ...texts('RECORDID'),
    choice('STATE', billStates, { label: billLabel }),
    ...texts('VENDORID'),
    vendorName,
    ...texts('DOCNUMBER DESCRIPTION CURRENCY BASECURR'),
    ...dates('WHENCREATED WHENPOSTED'),
    ...amounts('TOTALENTERED TOTALDUE TOTALPAID'),
    ...documentStamps,
    ...megaEntity,
    recordUrl('APADJUSTMENT'),
  ],
  joins: vendorJoin,
  entityKey: ownEntity,
};

export const vendor: ObjectType = {
  name: 'VENDOR',
  naturalKey: 'VENDORID',
  fields: [
    ...integers('RECORDNO'),
    ...texts('VENDORID NAME VENDTYPE'),
    status,
    truth('ONHOLD'),
    derived('TOTALDUE', 'amount', (row, ledger) => {
      const posted = ledger.where('APBILL', 'VENDORID', row.VENDORID).filter(({ STATE }) => STATE === 'A');
      return amount(sum(posted.map(({ TOTALDUE }) => TOTALDUE)));
    }),
    ...plainStamps,
  ],
};
