import type { TreasuryRow } from '../../treasury.ts';
import { baseCurrency, entities, users } from '../company.ts';
import type { Hand, Ledger } from '../ledger/ledger.ts';
import { isoDay, monthOf } from './calendar.ts';

export const system: Hand = { userId: 'admin', source: 'system' };

export const accounts = {
  bank: '1010',
  euroBank: '1020',
  prepaid: '1400',
  payable: '2000',
  accrued: '2100',
  betweenEntities: '2900',
} as const;

const balanceAccounts: [string, string, 'debit' | 'credit'][] = [
  [accounts.bank, 'Government Banking Service', 'debit'],
  [accounts.euroBank, 'Euro Account', 'debit'],
  [accounts.prepaid, 'Prepayments', 'debit'],
  [accounts.payable, 'Accounts Payable', 'credit'],
  [accounts.accrued, 'Accrued Expenses', 'credit'],
  [accounts.betweenEntities, 'Due Between Entities', 'credit'],
];

export const journals: [symbol: string, title: string][] = [
  ['GJ', 'General Journal'],
  ['APJ', 'Accounts Payable Journal'],
  ['CDJ', 'Cash Disbursements Journal'],
  ['EEJ', 'Employee Expenses Journal'],
  ['CMJ', 'Cash Management Journal'],
  ['GJADJ', 'Adjusting Journal'],
];

const monthsBack = 14;
const monthsAhead = 3;

/** What changes seldom: entities, users, journals, accounts by expense type, vendors, reporting periods. */
export function addStanding(ledger: Ledger, rows: readonly TreasuryRow[], now: number): void {
  const add = (object: string, fields: Record<string, string | number | null>) =>
    ledger.add(object, { STATUS: 'T', ...fields }, system, true);
  for (const { recordNo, id, name } of entities)
    add('LOCATIONENTITY', { RECORDNO: recordNo, LOCATIONID: id, NAME: name, CURRENCY: baseCurrency });
  for (const { recordNo, userId, name } of users)
    add('USERINFO', { RECORDNO: recordNo, LOGINID: userId, DESCRIPTION: name, USERTYPE: 'business user' });
  for (const [symbol, title] of journals)
    add('JOURNAL', { SYMBOL: symbol, TITLE: title, ADJ: symbol === 'GJADJ' ? 'T' : 'F' });
  for (const [number, title, normal] of balanceAccounts) {
    const more = { ACCOUNTTYPE: 'balancesheet', NORMALBALANCE: normal, CLOSINGTYPE: 'non-closing account' };
    add('GLACCOUNT', { ACCOUNTNO: number, TITLE: title, CATEGORY: null, ...more });
  }
  for (const [number, title] of expenseAccounts(rows)) {
    const more = { ACCOUNTTYPE: 'incomestatement', NORMALBALANCE: 'debit', CLOSINGTYPE: 'closing account' };
    add('GLACCOUNT', { ACCOUNTNO: number, TITLE: title, CATEGORY: null, ...more });
  }
  const vendors = new Map(rows.map((row) => [row.vendor, row.vendorName]));
  for (const [id, name] of vendors)
    add('VENDOR', { VENDORID: id, NAME: name, VENDTYPE: 'Supplier', ONHOLD: 'F', WHENMODIFIED: null });
  const today = isoDay(now);
  for (let months = -monthsBack; months <= monthsAhead; months += 1) {
    const { name, first, last } = monthOf(today, months);
    add('REPORTINGPERIOD', { NAME: `Month Ended ${name}`, START_DATE: first, END_DATE: last, BUDGETING: 'T' });
  }
  const year = today.slice(0, 4);
  add('REPORTINGPERIOD', {
    NAME: `Year Ended December ${year}`,
    START_DATE: `${year}-01-01`,
    END_DATE: `${year}-12-31`,
    BUDGETING: 'F',
  });
}

/** One account for each expense type of the sample, numbered in their order. */
function expenseAccounts(rows: readonly TreasuryRow[]): [string, string][] {
  const types = [...new Set(rows.map(({ expenseType }) => expenseType))];
  return types.map((title, index) => [String(6000 + index * 10), title]);
}

export function expenseAccount(ledger: Ledger, expenseType: string): string {
  return String(ledger.where('GLACCOUNT', 'TITLE', expenseType)[0]?.ACCOUNTNO ?? '6000');
}
