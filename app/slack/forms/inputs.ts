import type { InputBlock, KnownBlock, PlainTextElement, PlainTextOption } from '@slack/types';
import { shorten } from '../../domain/text.ts';
import type { FormField } from '../../setup/fields.ts';
import { lines } from '../home-parts.ts';
import { setupIds } from '../ids.ts';

/** Slack's limits (docs.slack.dev/reference/block-kit/block-elements). */
const longestText = 3_000;
const longestHint = 2_000;
const longestOption = 75;

export const plainText = (text: string, most: number): PlainTextElement => ({
  type: 'plain_text',
  text: shorten(text.trim() || '–', most),
  emoji: false,
});

export function option(title: string, value: string): PlainTextOption {
  return { text: plainText(title, longestOption), value };
}

export interface InputGiven {
  blockId: string;
  label: string;
  help?: string | null;
  optional?: boolean;
  element: InputBlock['element'];
  /** What is wrong with it, said right below it. */
  problem?: string | undefined;
}

export function input({ blockId, label, help, optional = false, element, problem }: InputGiven): KnownBlock[] {
  const block: InputBlock = {
    type: 'input',
    block_id: blockId,
    label: plainText(label, longestHint),
    optional,
    element,
    ...(help ? { hint: plainText(help, longestHint) } : {}),
  };
  return problem ? [block, lines([[{ bold: `⚠️ ${problem}` }]])] : [block];
}

export function textElement(value: string, more: { most?: number; placeholder?: string } = {}): InputBlock['element'] {
  const most = more.most ?? longestText;
  return {
    type: 'plain_text_input',
    action_id: setupIds.value,
    max_length: most,
    // More than fits is not shown cut off, for that would be what is saved.
    ...(value !== '' && value.length <= most ? { initial_value: value } : {}),
    ...(more.placeholder ? { placeholder: plainText(more.placeholder, 150) } : {}),
  };
}

const keptWords = { stored: 'stored; leave empty to keep it', typed: 'as typed; leave empty to keep it' };

/** The input of one credential. A secret is never filled in. */
export function credentialInput(
  blockId: string,
  { field, value, kept }: { field: FormField; value: string | boolean | null; kept: 'stored' | 'typed' | null },
  problem: string | undefined,
): KnownBlock[] {
  const { title: label, help } = field;
  const optional = field.optional || kept !== null;
  const placeholder = kept ? { placeholder: keptWords[kept] } : {};
  const given = { blockId, label, optional, problem };
  if (field.secret) return input({ ...given, help: secretHelp(help, kept), element: textElement('', placeholder) });
  return input({ ...given, help, element: element(field, value) });
}

function secretHelp(help: string | null, kept: 'stored' | 'typed' | null): string {
  const own = help ? `${help} ` : '';
  return kept ? `${own}It is ${keptWords[kept]}.` : `${own}It is stored encrypted and never shown again.`;
}

function element({ input: kind, title }: FormField, value: string | boolean | null): InputBlock['element'] {
  const action = { action_id: setupIds.value };
  switch (kind.type) {
    case 'text':
      return textElement(String(value ?? ''));
    case 'number': {
      const initial = typeof value === 'string' && Number.isFinite(Number(value)) ? { initial_value: value } : {};
      const from = kind.min === null ? {} : { min_value: String(kind.min) };
      const to = kind.max === null ? {} : { max_value: String(kind.max) };
      return { type: 'number_input', ...action, is_decimal_allowed: kind.decimals, ...initial, ...from, ...to };
    }
    case 'yes_no': {
      const yes = option(title, 'yes');
      return { type: 'checkboxes', ...action, options: [yes], ...(value === true ? { initial_options: [yes] } : {}) };
    }
    case 'choice': {
      const options = kind.choices.map((choice) => option(choice.title, choice.value));
      const chosen = options.find((each) => each.value === value);
      return { type: 'static_select', ...action, options, ...(chosen ? { initial_option: chosen } : {}) };
    }
  }
}
