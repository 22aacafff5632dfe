import { readTreasury, type TreasuryRow } from '../../treasury.ts';
import { baseCurrency, entities } from '../company.ts';
import type { Hand, Ledger } from '../ledger/ledger.ts';
import type { Row } from '../ledger/row.ts';
import { addBill } from '../workflow/bills.ts';
import { addEntry, type Line } from '../workflow/posting.ts';
import { daysFrom, isoDay } from './calendar.ts';
import { accounts, expenseAccount } from './standing.ts';

export const clerk: Hand = { userId: 'clerk', source: 'ui' };

const unitsPerCent = 100n;
const euroRate = '0.845';
const everyEuro = 8;

export interface BillWish {
  state: string;
  /** Of the sample's payments only those of this body. */
  branch?: string;
  /** ISO; without it a recent day. */
  day?: string;
  hand?: Hand;
  quiet?: boolean;
  more?: Record<string, string | number | null>;
}

/** How the lines of a journal entry stand to each other. */
export type Balance = 'balanced' | 'too little credit' | 'balanced across entities only';

export interface EntryWish {
  state: string;
  day?: string;
  journal?: string;
  module?: string;
  balance?: Balance;
  currency?: string;
  title?: string;
  hand?: Hand;
  quiet?: boolean;
  more?: Record<string, string | number | null>;
}

/** Makes bills and journal entries out of the published payments, in their order and then over again with other amounts. */
export class Maker {
  readonly rows: readonly TreasuryRow[] = readTreasury();
  readonly #ledger: Ledger;
  readonly #now: () => number;
  #bills = 0;
  #entries = 0;

  constructor(ledger: Ledger, now: () => number) {
    this.#ledger = ledger;
    this.#now = now;
  }

  today(): string {
    return isoDay(this.#now());
  }

  bill(wish: BillWish): Row {
    const { row, lap } = this.#row(this.#bills, wish.branch);
    this.#bills += 1;
    const entity = entities.find(({ branch }) => branch === row.branch) ?? entities[0];
    const euro = this.#bills % everyEuro === 5;
    const day = wish.day ?? daysFrom(this.today(), -(this.#bills % 6));
    const whole = varied(row.amount / unitsPerCent, lap);
    const account = expenseAccount(this.#ledger, row.expenseType);
    const [first, second] = this.#bills % 3 === 0 ? [whole - whole / 3n, whole / 3n] : [whole, 0n];
    const lines = [{ account, cents: first, text: row.expenseType }];
    if (second > 0n) lines.push({ account, cents: second, text: `${row.expenseType}, second part` });
    return addBill(
      this.#ledger,
      {
        vendor: row.vendor,
        billNo: `BILL-${String(10_000 + this.#bills)}`,
        docNumber: row.vendorRef,
        description: row.description,
        day,
        due: daysFrom(day, 30),
        state: wish.state,
        currency: euro ? 'EUR' : baseCurrency,
        rate: euro ? euroRate : '1',
        entity: entity?.recordNo ?? 1,
        topLevel: row.branch === 'HMT',
        lines,
        ...(wish.more ? { more: wish.more } : {}),
      },
      wish.hand ?? clerk,
      wish.quiet,
    );
  }

  entry(wish: EntryWish): Row {
    const { row, lap } = this.#row(this.#entries * 7 + 3);
    this.#entries += 1;
    const cents = varied(row.amount / unitsPerCent, lap);
    const entity = entities.find(({ branch }) => branch === row.branch) ?? entities[0];
    const own = entity?.recordNo ?? 1;
    const balance = wish.balance ?? 'balanced';
    const currency = wish.currency ?? baseCurrency;
    const common = { currency, rate: currency === baseCurrency ? '1' : euroRate, text: row.expenseType };
    const other = balance === 'balanced across entities only' ? (own % entities.length) + 1 : own;
    const short = balance === 'too little credit' ? cents - cents / 10n : cents;
    const lines: Line[] = [
      { ...common, account: expenseAccount(this.#ledger, row.expenseType), side: 'debit', cents, entity: own },
      { ...common, account: accounts.accrued, side: 'credit', cents: short, entity: other },
    ];
    return addEntry(
      this.#ledger,
      {
        journal: wish.journal ?? 'GJ',
        module: wish.module ?? '2.GL',
        title: wish.title ?? `Accrual: ${row.description}`,
        day: wish.day ?? daysFrom(this.today(), -(this.#entries % 4)),
        state: wish.state,
        lines,
        entity: row.branch === 'HMT' || balance === 'balanced across entities only' ? null : own,
        ...(wish.more ? { more: wish.more } : {}),
      },
      wish.hand ?? clerk,
      wish.quiet,
    );
  }

  #row(index: number, branch?: string): { row: TreasuryRow; lap: number } {
    const rows = branch === undefined ? this.rows : this.rows.filter((row) => row.branch === branch);
    const row = rows[index % rows.length];
    if (!row) throw new RangeError(`the sample has no payments of ${branch ?? 'anybody'}`);
    return { row, lap: Math.floor(index / this.rows.length) };
  }
}

/** Other amounts each time round, in whole hundredths. */
function varied(cents: bigint, lap: number): bigint {
  return lap === 0 ? cents : (cents * BigInt(1000 + ((lap * 37) % 400))) / 1000n;
}
