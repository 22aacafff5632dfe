import { amount, cents } from '../ledger/amounts.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Row, Value } from '../ledger/row.ts';
import { megaEntity, ownEntity, plainStamps, recordUrl } from './common.ts';
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

export const batchStates = labels(
  'Draft:I Submitted:S Partially_Approved:X Approved:A Posted:P Declined:R Reversal_Pending:L Reversed:Z',
);

const journalOf = (row: Row, ledger: Ledger) => ledger.get('JOURNAL', row.JOURNALKEY);
const batchOf = (row: Row, ledger: Ledger) => ledger.get('GLBATCH', row.BATCHNO);
const accountOf = (row: Row, ledger: Ledger) => ledger.where('GLACCOUNT', 'ACCOUNTNO', row.ACCOUNTNO)[0];
const userOf = (row: Row, ledger: Ledger) => ledger.get('USERINFO', row.USERKEY);

export const glBatch: ObjectType = {
  name: 'GLBATCH',
  naturalKey: 'RECORDNO',
  fields: [
    ...integers('RECORDNO BATCHNO'),
    ...texts('BATCH_TITLE'),
    ...amounts('BALANCE'),
    derived('JOURNAL', 'text', (row, ledger) => journalOf(row, ledger)?.SYMBOL),
    ...integers('JOURNALKEY'),
    truth('ADJ'),
    ...dates('BATCH_DATE'),
    ...texts('MODULE CHILDENTITY'),
    ...integers('USERKEY'),
    ...texts('REFERENCENO'),
    ...dates('REVERSED'),
    ...integers('REVERSEDKEY'),
    ...texts('REVERSEDFROM'),
    ...integers('TEMPLATEKEY PRBATCHKEY'),
    ...texts('PRBATCHRECTYPE'),
    derived('MODIFIED', 'stamp', (row) => row.WHENMODIFIED),
    derived('MODIFIEDBYID', 'text', (row) => row.MODIFIEDBY),
    ...texts('BASELOCATION BASELOCATION_NO BASELOCATION_NAME LOCATIONKEY'),
    choice('STATE', batchStates),
    ...plainStamps,
    ...megaEntity,
    recordUrl('GLBATCH'),
  ],
  joins: {
    JOURNAL: { object: 'JOURNAL', key: journalOf },
    USERINFO: { object: 'USERINFO', key: userOf },
  },
  lines: { list: 'ENTRIES', object: 'GLENTRY', by: 'BATCHNO' },
  entityKey: ownEntity,
};

export const glEntry: ObjectType = {
  name: 'GLENTRY',
  naturalKey: 'RECORDNO',
  fields: [
    ...integers('RECORDNO BATCHNO'),
    derived('BATCH_NUMBER', 'integer', (row, ledger) => batchOf(row, ledger)?.BATCHNO),
    ...integers('LINE_NO'),
    ...texts('TR_TYPE'),
    ...dates('ENTRY_DATE'),
    ...amounts('AMOUNT TRX_AMOUNT'),
    ...texts('ACCOUNTNO'),
    derived('ACCOUNTTITLE', 'text', (row, ledger) => accountOf(row, ledger)?.TITLE),
    ...texts('STATISTICAL DEPARTMENT LOCATION CURRENCY EXCHANGE_RATE DESCRIPTION DOCUMENT'),
    ...texts('PROJECTID CUSTOMERID VENDORID EMPLOYEEID ITEMID CLASSID'),
    ...plainStamps,
  ],
  joins: {
    GLBATCH: { object: 'GLBATCH', key: batchOf },
    GLACCOUNT: { object: 'GLACCOUNT', key: accountOf },
  },
  entityKey: (row, ledger) => batchOf(row, ledger)?.MEGAENTITYKEY,
};

function sided(row: Row, field: string, side: '1' | '-1'): Value {
  return row.TR_TYPE === side ? (row[field] ?? null) : null;
}

function signed(row: Row, field: string): Value {
  return amount(cents(row[field]) * (row.TR_TYPE === '-1' ? -1n : 1n));
}

/** The view of posted lines: slow, amounts with their sign, and no STATUS. */
export const glDetail: ObjectType = {
  name: 'GLDETAIL',
  naturalKey: 'RECORDNO',
  fields: [
    ...integers('RECORDNO'),
    derived('BATCHKEY', 'integer', (row) => row.BATCHNO),
    derived('BATCH_DATE', 'date', (row, ledger) => batchOf(row, ledger)?.BATCH_DATE),
    derived('BATCH_TITLE', 'text', (row, ledger) => batchOf(row, ledger)?.BATCH_TITLE),
    derived('BATCH_NO', 'integer', (row, ledger) => batchOf(row, ledger)?.BATCHNO),
    derived('SYMBOL', 'text', (row, ledger) => {
      const batch = batchOf(row, ledger);
      return batch && journalOf(batch, ledger)?.SYMBOL;
    }),
    derived('BOOKID', 'text', () => 'ACCRUAL'),
    derived('MODULEKEY', 'text', (row, ledger) => batchOf(row, ledger)?.MODULE),
    ...dates('ENTRY_DATE'),
    ...texts('TR_TYPE ACCOUNTNO'),
    derived('DEPARTMENTID', 'text', (row) => row.DEPARTMENT),
    derived('LOCATIONID', 'text', (row) => row.LOCATION),
    ...texts('CURRENCY DESCRIPTION DOCUMENT VENDORID'),
    derived('DEBITAMOUNT', 'amount', (row) => sided(row, 'AMOUNT', '1')),
    derived('CREDITAMOUNT', 'amount', (row) => sided(row, 'AMOUNT', '-1')),
    derived('AMOUNT', 'amount', (row) => signed(row, 'AMOUNT')),
    derived('TRX_DEBITAMOUNT', 'amount', (row) => sided(row, 'TRX_AMOUNT', '1')),
    derived('TRX_CREDITAMOUNT', 'amount', (row) => sided(row, 'TRX_AMOUNT', '-1')),
    derived('TRX_AMOUNT', 'amount', (row) => signed(row, 'TRX_AMOUNT')),
    derived('ENTRY_STATE', 'text', (row, ledger) => {
      const state = batchOf(row, ledger)?.STATE;
      return batchStates.find(({ code }) => code === state)?.label;
    }),
    ...plainStamps,
  ],
  *rows(ledger) {
    for (const row of ledger.rows('GLENTRY')) {
      const state = batchOf(row, ledger)?.STATE;
      if (state === 'P' || state === 'Z' || state === 'L') yield row;
    }
  },
  entityKey: (row, ledger) => batchOf(row, ledger)?.MEGAENTITYKEY,
};

export const glAccount: ObjectType = {
  name: 'GLACCOUNT',
  naturalKey: 'ACCOUNTNO',
  fields: [
    ...integers('RECORDNO'),
    ...texts('ACCOUNTNO TITLE ACCOUNTTYPE NORMALBALANCE CLOSINGTYPE CATEGORY'),
    status,
    ...plainStamps,
  ],
};

export const journal: ObjectType = {
  name: 'JOURNAL',
  naturalKey: 'SYMBOL',
  fields: [...integers('RECORDNO'), ...texts('SYMBOL TITLE'), status, truth('ADJ'), ...plainStamps],
};

export const reportingPeriod: ObjectType = {
  name: 'REPORTINGPERIOD',
  naturalKey: 'NAME',
  fields: [
    ...integers('RECORDNO'),
    ...texts('NAME'),
    ...dates('START_DATE END_DATE'),
    truth('BUDGETING'),
    status,
    ...plainStamps,
  ],
};
