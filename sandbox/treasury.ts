import { readFileSync } from 'node:fs';
import { parseMoney } from './money.ts';
import { vendorCodes } from './vendor-codes.ts';

/** One real payment, as the sandbox makes a bill of it. `amount` is in ten-thousandths of a pound, `day` in ms since the epoch. */
export interface TreasuryRow {
  day: number;
  branch: string;
  vendor: string;
  vendorName: string;
  vendorRef: string | null;
  amount: bigint;
  description: string;
  expenseType: string;
}

const file = new URL('./data/hm-treasury-spend-2025q1.csv', import.meta.url);

/** The cells of one CSV line; cells may be quoted, with doubled quotes inside. */
function cellsOf(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
  );
}

/** The published file has non-breaking and doubled spaces; an accounts clerk types single ones. */
function tidy(text: string | undefined): string {
  return (text ?? '').replace(/\s+/g, ' ').trim();
}

/** Reads the payments in the order of the file. */
export function readTreasury(): TreasuryRow[] {
  const lines = readFileSync(file, 'utf8').split(/\r?\n/).slice(1).filter(Boolean).map(cellsOf);
  const codes = vendorCodes(lines.map((cells) => tidy(cells[2])));
  return lines.map((cells) => {
    const [date, entity, supplier, transaction, amount, type, area, description] = cells.map(tidy);
    return {
      day: Date.parse(`${date}T00:00:00Z`),
      branch: entity ?? '',
      vendor: codes.get(supplier ?? '') ?? '',
      vendorName: supplier ?? '',
      vendorRef: transaction || null,
      amount: parseMoney(amount ?? '0'),
      description: `${description}: ${area}`,
      expenseType: type ?? '',
    };
  });
}
