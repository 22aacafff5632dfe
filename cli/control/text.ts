import type { ControlResult, ControlTotal, Difference } from '../../app/control/result.ts';
import { controlWords, differenceName } from '../../app/control/words.ts';
import { documentsTitle } from '../../app/domain/kinds.ts';
import { defaultLocale } from '../../app/domain/locale.ts';

/** A comparison for a terminal: the totals side by side, then what differed, then the verdict. */
export function controlText({
  erp,
  connection,
  result,
  totals,
}: {
  erp: string;
  connection: string;
  result: ControlResult;
  totals: ControlTotal[];
}): string {
  const rounds = [...new Set(totals.map(({ round }) => round))];
  const tables = rounds.map((round) => {
    const rows = totals.filter((total) => total.round === round);
    return `${round === 1 ? 'Totals' : 'Totals of what differed, read again'}\n${table(erp, rows)}`;
  });
  const listed = result.differences.map(differenceLine);
  const more = result.differed - listed.length;
  const differences =
    listed.length > 0 ? [`Differed\n${[...listed, ...(more > 0 ? [`  and ${more} more`] : [])].join('\n')}\n`] : [];
  const verdict = `Compared with ${erp}, ${connection}: ${controlWords(result, defaultLocale)}.`;
  return [...tables, ...differences, verdict].join('\n');
}

const differenceLine = (difference: Difference) =>
  `  ${differenceName(difference)}: ${difference.still ? 'STILL DIFFERS' : 'read again'}`;

function table(erp: string, totals: ControlTotal[]): string {
  const head = ['Kind', 'Branch', 'Currency', erp, '', 'Countersign', '', ''];
  const rows = totals.map((total) => [
    ...[documentsTitle(total.kind), total.branch || '-', total.currency || '-'],
    ...[`${total.documentsThere}`, total.sumThere ?? '-', `${total.documentsHere}`, total.sumHere ?? '-'],
    isEqual(total) ? '' : '<> differs',
  ]);
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const isNumber = (column: number) => column >= 3 && column <= 6;
  const lines = all.map((row, index) =>
    row
      .map((cell, column) =>
        isNumber(column) && index > 0 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
  return lines.map((line) => `  ${line}\n`).join('');
}

/** The database writes each sum with the places of its own amounts. */
function isEqual({ documentsHere, documentsThere, sumHere, sumThere }: ControlTotal): boolean {
  const plain = (sum: string | null) => (sum?.includes('.') ? sum.replace(/\.?0+$/, '') : sum);
  return documentsHere === documentsThere && plain(sumHere) === plain(sumThere);
}
