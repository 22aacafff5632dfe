import type { ReactNode } from 'react';
import { wiring } from './controls.ts';
import { asList, asText, type DrawContext, type ElementProps, h, type Kit, plain } from './kit.ts';

/** What a picker searches: its own options, the app's, people or conversations. */
type Source = 'options' | 'app' | 'people' | 'places';

/** One choice, as the browser keeps it: `text` is the text object of an option, `label` what is shown. */
interface Choice {
  value: string;
  label: string;
  kind: string;
  text?: unknown;
  description?: unknown;
  group?: string;
}

const sources: Record<string, Source> = {
  static_select: 'options',
  external_select: 'app',
  users_select: 'people',
  conversations_select: 'places',
  channels_select: 'places',
};

function ofOption(option: Kit, group?: string): Choice {
  return {
    value: asText(option.value),
    label: plain(option.text),
    kind: 'option',
    text: option.text ?? null,
    ...(option.description ? { description: option.description } : {}),
    ...(group ? { group } : {}),
  };
}

function listed(element: Kit): Choice[] {
  const groups = asList(element.option_groups).flatMap((group) =>
    asList(group.options).map((option) => ofOption(option, plain(group.label))),
  );
  return [...asList(element.options).map((option) => ofOption(option)), ...groups];
}

function ofId(id: string, source: Source, { users, channels }: DrawContext): Choice {
  const found = source === 'people' ? users.find((each) => each.id === id) : channels.find((each) => each.id === id);
  return { value: id, label: found?.name ?? id, kind: found?.kind ?? (source === 'people' ? 'person' : 'public') };
}

function chosenAtFirst(element: Kit, source: Source, context: DrawContext): Choice[] {
  if (source === 'options' || source === 'app') {
    const initial = [...asList([element.initial_option]), ...asList(element.initial_options)];
    return initial.filter((option) => option.value !== undefined).map((option) => ofOption(option));
  }
  const names = ['user', 'users', 'conversation', 'conversations', 'channel', 'channels'];
  const ids = names.flatMap((name) => element[`initial_${name}`] ?? []).map(asText);
  return ids.filter((id) => id !== '').map((id) => ofId(id, source, context));
}

/**
 * A field to search and choose in: every select but a plain menu. What is chosen is kept in `data-chosen`; the browser's
 * `picker.js` draws it and the list.
 */
export function Picker(props: ElementProps): ReactNode {
  const { element, context, fieldId } = props;
  const type = asText(element.type);
  const many = type.startsWith('multi_');
  const source = sources[type.replace(/^multi_/, '')] ?? 'options';
  const placeholder = plain(element.placeholder) || 'Choose an option';
  const input = h('input', {
    type: 'text',
    id: fieldId,
    className: 'kit-picker-input',
    role: 'combobox',
    'aria-expanded': 'false',
    'aria-autocomplete': 'list',
    'aria-label': fieldId ? undefined : placeholder,
    placeholder,
    autoComplete: 'off',
    spellCheck: false,
  });
  return h(
    'div',
    {
      ...wiring(props),
      className: `kit-picker${many ? ' many' : ''}`,
      'data-source': source,
      'data-many': many ? 'true' : undefined,
      'data-most': asText(element.max_selected_items) || undefined,
      'data-min-query': source === 'app' ? asText(element.min_query_length) || '3' : undefined,
      'data-choices': source === 'options' ? JSON.stringify(listed(element)) : undefined,
      'data-chosen': JSON.stringify(chosenAtFirst(element, source, context)),
    },
    h('div', { className: 'kit-picker-box' }, input),
    h('div', { className: 'kit-list', role: 'listbox', popover: 'manual', 'aria-label': placeholder }),
  );
}
