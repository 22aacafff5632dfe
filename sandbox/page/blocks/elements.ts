import type { ReactNode } from 'react';
import { wiring } from './controls.ts';
import { asKit, asList, asText, type DrawContext, type ElementProps, h, type Kit, plain } from './kit.ts';
import { Picker } from './picker.ts';
import { Text } from './rich-text.ts';

function Button(props: ElementProps): ReactNode {
  const { element, context } = props;
  const url = asText(element.url);
  return h(
    'button',
    {
      type: 'button',
      className: `kit-button ${asText(element.style)}`.trim(),
      ...wiring(props),
      'data-value': element.value === undefined ? undefined : asText(element.value),
      'data-url': /^https?:\/\//i.test(url) ? url : undefined,
      'aria-label': asText(element.accessibility_label) || undefined,
    },
    h(Text, { text: element.text, context }),
    url ? h('span', { className: 'kit-outside', 'aria-hidden': true }, '↗\uFE0E') : null,
  );
}

function optionNodes(options: Kit[]): ReactNode[] {
  return options.map((option) => {
    const value = asText(option.value);
    return h('option', { key: value, value, 'data-text': JSON.stringify(option.text ?? null) }, plain(option.text));
  });
}

/** A plain menu of a few options; whatever can be searched is a picker. */
function Menu(props: ElementProps): ReactNode {
  const { element, fieldId } = props;
  const initial = asKit(element.initial_option);
  const groups = asList(element.option_groups).map((group) => {
    const label = plain(group.label);
    return h('optgroup', { key: label, label }, optionNodes(asList(group.options)));
  });
  const listed = [...asList(element.options), ...asList(element.option_groups).flatMap((each) => asList(each.options))];
  const value = asText(initial.value);
  // What was chosen stays chosen over an update that no longer offers it.
  const stray = value !== '' && !listed.some((option) => asText(option.value) === value) ? [initial] : [];
  const placeholder = plain(element.placeholder) || 'Choose an option';
  return h(
    'select',
    {
      ...wiring(props),
      id: fieldId,
      className: 'kit-select',
      defaultValue: value,
      'aria-label': fieldId ? undefined : placeholder,
    },
    h('option', { key: '', value: '' }, placeholder),
    groups,
    optionNodes([...asList(element.options), ...stray]),
  );
}

function Overflow(props: ElementProps): ReactNode {
  const options = asList(props.element.options).map((option) =>
    h(
      'button',
      {
        key: asText(option.value),
        type: 'button',
        className: 'kit-menu-item',
        ...wiring(props),
        'data-value': asText(option.value),
        'data-text': JSON.stringify(option.text ?? null),
        'data-url': /^https?:\/\//i.test(asText(option.url)) ? asText(option.url) : undefined,
      },
      h(Text, { text: option.text, context: props.context }),
    ),
  );
  const summary = h('summary', { className: 'kit-button', 'aria-label': 'More actions' }, '⋯');
  return h('details', { className: 'kit-overflow' }, summary, h('div', { className: 'kit-menu' }, options));
}

/** Checkboxes and radio buttons: one fieldset, one native control per option. */
function Choice(props: ElementProps): ReactNode {
  const { element, blockId, context } = props;
  const type = element.type === 'checkboxes' ? 'checkbox' : 'radio';
  const initial = [asKit(element.initial_option), ...asList(element.initial_options)].map((each) => asText(each.value));
  const options = asList(element.options).map((option) => {
    const value = asText(option.value);
    const input = h('input', {
      type,
      value,
      name: `${blockId}/${asText(element.action_id)}`,
      defaultChecked: initial.includes(value),
      'data-text': JSON.stringify(option.text ?? null),
    });
    const description = option.description ? h('small', null, h(Text, { text: option.description, context })) : null;
    return h(
      'label',
      { key: value, className: 'kit-choice' },
      input,
      h('span', null, h(Text, { text: option.text, context }), description),
    );
  });
  return h(
    'div',
    { ...wiring(props), className: 'kit-choices', role: type === 'radio' ? 'radiogroup' : 'group' },
    options,
  );
}

const INPUT_TYPES: Record<string, { type: string; initial: string }> = {
  plain_text_input: { type: 'text', initial: 'initial_value' },
  number_input: { type: 'text', initial: 'initial_value' },
  email_text_input: { type: 'email', initial: 'initial_value' },
  url_text_input: { type: 'url', initial: 'initial_value' },
  datepicker: { type: 'date', initial: 'initial_date' },
  timepicker: { type: 'time', initial: 'initial_time' },
  datetimepicker: { type: 'datetime-local', initial: 'initial_date_time' },
};

/** The form of a native date and time field, in the viewer's zone. */
function localTime(unixSeconds: number, { timeZone = 'UTC' }: DrawContext): string {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
  return format.format(new Date(unixSeconds * 1000)).replace(' ', 'T');
}

function Field(props: ElementProps): ReactNode {
  const { element, fieldId, context } = props;
  const kind = INPUT_TYPES[asText(element.type)] ?? { type: 'text', initial: 'initial_value' };
  const shared = {
    ...wiring(props),
    id: fieldId,
    className: 'kit-field',
    placeholder: plain(element.placeholder) || undefined,
    'data-longest': typeof element.max_length === 'number' ? element.max_length : undefined,
    inputMode: element.type === 'number_input' ? 'decimal' : undefined,
    'aria-label': fieldId ? undefined : plain(element.placeholder) || 'Value',
    autoComplete: 'off',
  };
  const initial = asText(element[kind.initial]);
  if (element.multiline === true) return h('textarea', { ...shared, rows: 4, defaultValue: initial });
  const value = kind.type === 'datetime-local' && initial ? localTime(Number(initial), context) : initial;
  return h('input', { ...shared, type: kind.type, defaultValue: value });
}

/** One interactive element, as a native control that carries its ids. */
export function Element(props: ElementProps): ReactNode {
  const type = asText(props.element.type);
  if (type === 'button' || type === 'workflow_button') return h(Button, props);
  if (type === 'static_select') return h(Menu, props);
  if (type.endsWith('_select')) return h(Picker, props);
  if (type === 'overflow') return h(Overflow, props);
  if (type === 'checkboxes' || type === 'radio_buttons') return h(Choice, props);
  if (type === 'image') {
    return h('img', {
      className: 'kit-image',
      src: asText(props.element.image_url),
      alt: asText(props.element.alt_text),
      loading: 'lazy',
    });
  }
  if (type in INPUT_TYPES) return h(Field, props);
  return h('span', { className: 'kit-unknown' }, `${type || 'element'} (not drawn here)`);
}
