import type { ReactNode } from 'react';
import { asKit, asList, asText, type DrawContext, h, type Kit } from './kit.ts';
import { LibraryBlock } from './rich-text.ts';

interface TableProps {
  block: Kit;
  context: DrawContext;
}

function cellNode(cell: Kit, context: DrawContext): ReactNode {
  if (cell.type === 'rich_text') return h(LibraryBlock, { block: cell, context });
  return asText(cell.text) || asText(cell.value);
}

function align(setting: Kit, cell: Kit): string {
  return asText(setting.align) || (cell.type === 'raw_number' ? 'right' : 'left');
}

function rowNodes(rows: unknown[], settings: Kit[], context: DrawContext, tag: 'td' | 'th', from = 0): ReactNode[] {
  return rows.map((row, place) => {
    const cells = asList(row).map((cell, column) => {
      const setting = settings[column] ?? {};
      const className = `${align(setting, cell)}${setting.is_wrapped === true ? ' wrapped' : ''}`;
      return h(tag, { key: column, className, ...(tag === 'th' && { scope: 'col' }) }, cellNode(cell, context));
    });
    return h('tr', { key: from + place }, cells);
  });
}

/** A `table` block: no header semantics of its own, bold cells stand for one. */
export function Table({ block, context }: TableProps): ReactNode {
  const rows = Array.isArray(block.rows) ? block.rows : [];
  const settings = Array.isArray(block.column_settings) ? block.column_settings.map(asKit) : [];
  const body = h('tbody', null, rowNodes(rows, settings, context, 'td'));
  return h(
    'div',
    { className: 'kit-table', tabIndex: 0, role: 'region', 'aria-label': 'Table' },
    h('table', null, body),
  );
}

/** A `data_table` block: a caption, and the first row is the header. */
export function DataTable({ block, context }: TableProps): ReactNode {
  const [head, ...rows] = Array.isArray(block.rows) ? block.rows : [];
  const table = h(
    'table',
    null,
    h('caption', null, asText(block.caption)),
    h('thead', null, rowNodes(head === undefined ? [] : [head], [], context, 'th')),
    h('tbody', null, rowNodes(rows, [], context, 'td', 1)),
  );
  return h('div', { className: 'kit-table', tabIndex: 0, role: 'region', 'aria-label': asText(block.caption) }, table);
}
