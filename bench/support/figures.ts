/** One line of the report: what was measured, beside what it is compared with, both from this run. */
export interface Figure {
  section: 'lanes' | 'reading' | 'acks' | 'clicks' | 'home' | 'pushes' | 'release' | 'burst' | 'xml' | 'summaries';
  name: string;
  value: number;
  unit: string;
  /** Null where the figure is its own baseline or only its aim counts. */
  baseline: { name: string; value: number } | null;
  aim: { text: string; met: boolean } | null;
}

/** The value below which `share` of the values lie (nearest rank). */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

export const median = (values: readonly number[]): number => percentile(values, 0.5);

export function atLeast(value: number, aim: number): Figure['aim'] {
  return { text: `≥ ${shown(aim)}`, met: value >= aim };
}

export function atMost(value: number, aim: number): Figure['aim'] {
  return { text: `≤ ${shown(aim)}`, met: value <= aim };
}

/** A number with as many digits as say something. */
export function shown(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (Number.isInteger(value) || Math.abs(value) >= 100) return Math.round(value).toLocaleString('en');
  return value.toFixed(Math.abs(value) >= 10 ? 1 : 2);
}

/** A table for people, one block a section. */
export function table(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => ({
    section: figure.section,
    cells: [
      figure.name,
      `${shown(figure.value)} ${figure.unit}`.trim(),
      figure.baseline
        ? `${shown(figure.baseline.value)} ${figure.unit} (${figure.baseline.name})`.replace('  ', ' ')
        : '',
      figure.aim ? `${figure.aim.met ? '✓' : '✗'} ${figure.aim.text}` : '',
    ],
  }));
  const head = ['figure', 'Countersign', 'baseline, same run', 'aim'];
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row.cells[column]?.length ?? 0)),
  );
  const line = (cells: string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  const lines = [line(head), line(widths.map((width) => '-'.repeat(width)))];
  let section: string | null = null;
  for (const row of rows) {
    if (section !== null && section !== row.section) lines.push('');
    section = row.section;
    lines.push(line(row.cells));
  }
  return lines.join('\n');
}
