import { documentName, documentWords, sortName } from '../domain/kinds.ts';
import { shorten } from '../domain/text.ts';
import { type ControlResult, type Difference, type DifferenceSort, differencesShown } from './result.ts';

/** What a comparison found, in one line that follows "Compared with Acumatica 5 h ago: ". */
export function controlWords(result: ControlResult, locale: string): string {
  const { agree, differed, still, problem, unlikely } = result;
  if (problem !== null) return `not possible: ${problem}`;
  const count = (documents: number) => new Intl.NumberFormat(locale, { numberingSystem: 'latn' }).format(documents);
  const left = result.left.map(({ kind, problem: why }) => `${documentWords(kind).many} not compared: ${why}`);
  const doubt = unlikely.map(
    (kind) => `so many ${documentWords(kind).many} are missing there that nothing was done about it`,
  );
  const agreeing = `${count(agree)} ${agree === 1 ? 'document agrees' : 'documents agree'}`;
  if (differed === 0) return [agreeing, ...left].join('; ');
  const repaired = differed - still;
  const parts = [
    ...(still > 0 ? [`${count(still)} still ${still === 1 ? 'differs' : 'differ'}: ${names(result, true)}`] : []),
    ...(repaired > 0
      ? [`${count(repaired)} differed and ${repaired === 1 ? 'was' : 'were'} read again: ${names(result, false)}`]
      : []),
  ];
  return [...parts, ...doubt, ...left, agreeing].join('; ');
}

function names({ differences, differed, still: stillDiffering }: ControlResult, still: boolean): string {
  const shown = differences.filter((each) => each.still === still).slice(0, differencesShown);
  const more = (still ? stillDiffering : differed - stillDiffering) - shown.length;
  return `${shown.map(differenceName).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

const nameMost = 60;
const sorts: Record<DifferenceSort, string> = {
  missing: 'was missing here',
  gone: 'no longer in the ERP',
  changed: 'changed unnoticed',
};

/** "Bill 000871 (changed unnoticed)". */
export function differenceName(difference: Difference): string {
  const name = difference.type ? documentName(difference) : `${sortName(difference)} ${difference.reference}`.trim();
  return `${shorten(name, nameMost)} (${sorts[difference.sort]})`;
}
