import { parseMoney } from '../money.ts';
import type { Bill, BillLine } from './bill.ts';
import { lineId, linesOf } from './bill-lines.ts';
import { type Body, given } from './body-field.ts';

const one = 10_000n;

function decimal(row: Body, name: string): bigint | undefined {
  const value = given(row, name);
  return typeof value === 'number' || typeof value === 'string' ? parseMoney(value) : undefined;
}

function merged(line: BillLine, row: Body): BillLine {
  const unitCost = decimal(row, 'UnitCost');
  const quantity = decimal(row, 'Qty') ?? line.quantity;
  const amount = decimal(row, 'Amount') ?? decimal(row, 'ExtendedCost');
  const text = (name: string) => {
    const value = given(row, name);
    return typeof value === 'string' ? value : null;
  };
  return {
    ...line,
    description: text('TransactionDescription') ?? text('Description') ?? line.description,
    account: text('Account') ?? line.account,
    quantity,
    unitCost: unitCost ?? line.unitCost,
    amount: amount ?? (unitCost === undefined ? line.amount : (unitCost * quantity) / one),
  };
}

/** The lines after a PUT: rows with a known id change or, with `delete`, go; others are added. */
export function linesFromBody(
  bill: Bill,
  rows: readonly unknown[],
): { lines: BillLine[] | null; problems: Body[] | null } {
  const echoed: Body[] = [];
  let wrong = false;
  const lines = new Map(linesOf(bill).map((line) => [line.id, line]));
  for (const value of rows) {
    const row = (typeof value === 'object' && value !== null ? value : {}) as Body;
    const project = given(row, 'Project');
    if (typeof project === 'string' && project !== 'X') {
      wrong = true;
      const error = `Project '${project}' cannot be found in the system.`;
      echoed.push({ ...row, Project: { value: project, error } });
      continue;
    }
    echoed.push(row);
    const known = typeof row.id === 'string' ? lines.get(row.id) : undefined;
    if (known && row.delete === true) lines.delete(known.id);
    else if (known) lines.set(known.id, merged(known, row));
    else {
      let index = lines.size;
      while (lines.has(lineId(bill.id, index))) index += 1;
      const fresh = {
        id: lineId(bill.id, index),
        branch: bill.branch,
        description: null,
        quantity: one,
        unitCost: 0n,
        amount: 0n,
      };
      lines.set(fresh.id, merged({ ...fresh, account: '60000', subaccount: null, project: 'X' }, row));
    }
  }
  return wrong ? { lines: null, problems: echoed } : { lines: [...lines.values()], problems: null };
}
