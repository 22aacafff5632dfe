import type { InputBlock, KnownBlock, PlainTextOption } from '@slack/types';
import { shorten } from '../../domain/text.ts';

const longestOption = 75;

export interface FieldWords {
  label: string;
  hint?: string;
  required?: boolean;
  blockId?: string;
}

export function option(value: string, label = value): PlainTextOption {
  return { text: plain(shorten(oneLine(label), longestOption)), value };
}

export const plain = (text: string) => ({ type: 'plain_text' as const, text, emoji: false });

export function field(id: string, words: FieldWords, element: InputBlock['element']): InputBlock {
  return {
    type: 'input',
    block_id: words.blockId ?? id,
    label: plain(words.label),
    ...(words.hint ? { hint: plain(words.hint) } : {}),
    optional: !words.required,
    element,
  };
}

export function textField(id: string, words: FieldWords, value: string, placeholder?: string): InputBlock {
  return field(id, words, {
    type: 'plain_text_input',
    action_id: id,
    max_length: 200,
    ...(value ? { initial_value: value.slice(0, 200) } : {}),
    ...(placeholder ? { placeholder: plain(placeholder) } : {}),
  });
}

/** Values chosen from suggestions, which come as soon as the list is opened. */
export function suggestedField(
  id: string,
  words: FieldWords,
  values: readonly string[],
  { none = 'Any', most }: { none?: string; most?: number } = {},
): InputBlock {
  return field(id, words, {
    type: 'multi_external_select',
    action_id: id,
    min_query_length: 0,
    placeholder: plain(none),
    ...(most === undefined ? {} : { max_selected_items: most }),
    ...(values.length > 0 ? { initial_options: values.map((value) => option(value)) } : {}),
  });
}

export function peopleField(id: string, words: FieldWords, people: readonly string[]): InputBlock {
  return field(id, words, {
    type: 'multi_users_select',
    action_id: id,
    ...(people.length > 0 ? { initial_users: [...people] } : {}),
  });
}

/** A choice that changes the form at once. */
export function choice(id: string, words: string, options: PlainTextOption[], value: string | null): KnownBlock {
  const initial = options.find((each) => each.value === value);
  return {
    type: 'section',
    block_id: id,
    text: plain(words),
    accessory: {
      type: 'static_select',
      action_id: id,
      placeholder: plain('Choose …'),
      options,
      ...(initial ? { initial_option: initial } : {}),
    },
  };
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim() || '–';
}
