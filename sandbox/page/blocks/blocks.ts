import type { ReactNode } from 'react';
import { Element } from './elements.ts';
import { asKit, asList, asText, type DrawContext, h, type Kit, keyed, plain } from './kit.ts';
import { LibraryBlock, Text } from './rich-text.ts';
import { DataTable, Table } from './tables.ts';

export interface BlockProps {
  block: Kit;
  context: DrawContext;
  /** Makes field ids unique on a page that shows many messages and views. */
  scope: string;
}

function Section({ block, context }: BlockProps): ReactNode {
  const fields = asList(block.fields);
  const blockId = asText(block.block_id);
  return h(
    'div',
    { className: 'kit-section' },
    h(
      'div',
      { className: 'kit-grow' },
      block.text ? h(Text, { text: block.text, context }) : null,
      fields.length > 0
        ? h('div', { className: 'kit-fields' }, keyed(fields.map((text) => h(Text, { text, context }))))
        : null,
    ),
    block.accessory
      ? h('div', { className: 'kit-accessory' }, h(Element, { element: asKit(block.accessory), blockId, context }))
      : null,
  );
}

function Input({ block, context, scope }: BlockProps): ReactNode {
  const element = asKit(block.element);
  const blockId = asText(block.block_id);
  const fieldId = `${scope}-${blockId}-${asText(element.action_id)}`;
  const grouped = element.type === 'checkboxes' || element.type === 'radio_buttons';
  const label = h(
    grouped ? 'legend' : 'label',
    { className: 'kit-label', ...(!grouped && { htmlFor: fieldId }) },
    plain(block.label),
    block.optional === true ? h('span', { className: 'kit-optional' }, ' (optional)') : null,
  );
  return h(
    grouped ? 'fieldset' : 'div',
    {
      className: 'kit-input',
      'data-input-block': blockId,
      'data-optional': block.optional === true ? 'true' : undefined,
      'data-dispatch': block.dispatch_action === true ? 'true' : undefined,
    },
    label,
    h(Element, { element, blockId, context, ...(!grouped && { fieldId }) }),
    block.hint ? h('p', { className: 'kit-hint' }, plain(block.hint)) : null,
    h('p', { className: 'kit-error', role: 'alert', hidden: true }),
  );
}

function ContextBlock({ block, context }: BlockProps): ReactNode {
  const nodes = asList(block.elements).map((element) =>
    element.type === 'image'
      ? h(Element, { element, blockId: asText(block.block_id), context })
      : h(Text, { text: element, context }),
  );
  return h('div', { className: 'kit-context' }, keyed(nodes));
}

function Actions({ block, context }: BlockProps): ReactNode {
  const blockId = asText(block.block_id);
  const nodes = asList(block.elements).map((element) => h(Element, { element, blockId, context }));
  return h('div', { className: 'kit-actions' }, keyed(nodes));
}

function Image({ block }: BlockProps): ReactNode {
  const alt = asText(block.alt_text);
  return h(
    'figure',
    { className: 'kit-figure' },
    block.title ? h('figcaption', null, plain(block.title)) : null,
    h('img', { src: asText(block.image_url), alt, loading: 'lazy' }),
  );
}

function Container({ block, context, scope }: BlockProps): ReactNode {
  const children = asList(block.child_blocks).map((child) => h(Block, { block: child, context, scope }));
  return h(
    'section',
    { className: 'kit-container' },
    block.title ? h('h4', null, h(Text, { text: block.title, context })) : null,
    keyed(children),
  );
}

function Alert({ block, context }: BlockProps): ReactNode {
  const level = asText(block.level) || 'info';
  return h('div', { className: `kit-alert ${level}`, role: 'note' }, h(Text, { text: block.text, context }));
}

const OWN: Record<string, (props: BlockProps) => ReactNode> = {
  header: ({ block, context }) => h('h3', { className: 'kit-header' }, h(Text, { text: block.text, context })),
  divider: () => h('hr', { className: 'kit-divider' }),
  table: Table,
  data_table: DataTable,
  section: Section,
  input: Input,
  context: ContextBlock,
  actions: Actions,
  image: Image,
  container: Container,
  alert: Alert,
};

const LIBRARY = new Set([
  'rich_text',
  'markdown',
  'card',
  'carousel',
  'plan',
  'task_card',
  'file',
  'data_visualization',
]);

/** One block. Whatever carries buttons, inputs or ERP text is drawn here; the rest by slack-blocks-to-jsx. */
export function Block(props: BlockProps): ReactNode {
  const type = asText(props.block.type);
  const own = Object.hasOwn(OWN, type) ? OWN[type] : undefined;
  if (own) return h(own, props);
  if (LIBRARY.has(type)) return h(LibraryBlock, { block: props.block, context: props.context });
  return h('p', { className: 'kit-unknown' }, `${type || 'block'} (not drawn here)`);
}
