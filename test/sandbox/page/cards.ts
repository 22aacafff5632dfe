const plain = (text: string) => ({ type: 'plain_text', text });
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });

export const evil = `"'><img src=x onerror="window.broken=1"></script><script>window.broken=1</script>`;
const escaped = evil.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** A card whose every text is hostile, with the buttons that the page has to wire. */
export function card(name: string) {
  return {
    text: escaped,
    blocks: [
      { type: 'header', text: plain(`${name} ${evil}`.slice(0, 150)) },
      { type: 'section', text: mrkdwn(escaped), fields: [mrkdwn(escaped), plain(evil)] },
      { type: 'table', rows: [[{ type: 'raw_text', text: evil }]] },
      { type: 'context', elements: [mrkdwn(escaped)] },
      {
        type: 'actions',
        block_id: 'decide',
        elements: [
          { type: 'button', action_id: 'approve', value: name, style: 'primary', text: plain('Approve') },
          {
            type: 'button',
            action_id: 'reject',
            value: name,
            text: plain('Reject'),
            confirm: { title: plain('Sure?'), text: mrkdwn(escaped), confirm: plain('Reject it'), deny: plain('Keep') },
          },
          { type: 'button', action_id: 'ask', text: plain('Ask') },
        ],
      },
    ],
  };
}

export const modal = {
  type: 'modal',
  title: plain('Put on hold'),
  submit: plain('Hold'),
  blocks: [
    {
      type: 'input',
      block_id: 'reason',
      label: plain('Reason'),
      element: { type: 'plain_text_input', action_id: 'v', initial_value: evil },
    },
    {
      type: 'input',
      block_id: 'note',
      label: plain('Note'),
      element: { type: 'plain_text_input', multiline: true, action_id: 'v' },
    },
  ],
};

const option = (value: string, label: string) => ({ text: plain(label), value });
const input = (
  blockId: string,
  label: string,
  element: Record<string, unknown>,
  more: Record<string, unknown> = {},
) => ({
  type: 'input',
  block_id: blockId,
  label: plain(label),
  element: { action_id: 'v', ...element },
  ...more,
});

/** A form with a field of every kind that setting up needs. */
export const allInputs = {
  type: 'modal',
  title: plain('Add a route'),
  submit: plain('Save'),
  close: plain('Cancel'),
  blocks: [
    input('name', 'Name', { type: 'plain_text_input', min_length: 3, placeholder: plain('Large bills') }),
    input('kinds', 'Kinds', {
      type: 'checkboxes',
      options: [
        { ...option('bill', 'Bills'), description: plain('What vendors ask for') },
        option('order', 'Purchase orders'),
      ],
      initial_options: [{ ...option('bill', 'Bills'), description: plain('What vendors ask for') }],
    }),
    input('channel', 'Channel', {
      type: 'conversations_select',
      default_to_current_conversation: true,
      filter: { include: ['public', 'private'] },
      placeholder: plain('Choose a channel'),
    }),
    input('people', 'People', {
      type: 'multi_users_select',
      max_selected_items: 3,
      placeholder: plain('Who may decide'),
    }),
    input(
      'vendors',
      'Vendors',
      { type: 'multi_external_select', min_query_length: 2, placeholder: plain('Any vendor') },
      { optional: true },
    ),
    input(
      'upto',
      'Up to',
      { type: 'number_input', is_decimal_allowed: true, min_value: '0' },
      {
        hint: plain('The greatest amount that they may approve.'),
      },
    ),
    input(
      'status',
      'Status',
      {
        type: 'multi_static_select',
        option_groups: [
          { label: plain('Open'), options: [option('hold', 'On hold'), option('pending', 'Pending approval')] },
          { label: plain('Closed'), options: [option('closed', 'Closed')] },
        ],
        initial_options: [option('pending', 'Pending approval')],
      },
      { optional: true },
    ),
    input('currency', 'Currency', {
      type: 'static_select',
      options: [option('GBP', 'Pound'), option('EUR', 'Euro')],
      initial_option: option('GBP', 'Pound'),
    }),
    input(
      'kind',
      'Shown as',
      {
        type: 'radio_buttons',
        options: [option('card', 'A card each'), option('digest', 'A digest')],
        initial_option: option('card', 'A card each'),
      },
      { dispatch_action: true },
    ),
    input('email', 'E-mail', { type: 'email_text_input' }, { optional: true }),
    input('url', 'Address', { type: 'url_text_input' }, { optional: true }),
    input('from', 'From', { type: 'datepicker', initial_date: '2026-11-21' }, { optional: true }),
    input('at', 'At', { type: 'timepicker', initial_time: '09:00' }, { optional: true }),
    { type: 'actions', elements: [{ type: 'button', action_id: 'more', text: plain('More') }] },
  ],
};

/** What an app might answer to a search for vendors. */
export function vendors(typed: string) {
  const found = [option('V1', 'Acme Ltd'), option('V2', 'Acorn GmbH')];
  const fitting = found.filter(({ text }) => text.text.toLowerCase().includes(typed.toLowerCase()));
  return { option_groups: fitting.length > 0 ? [{ label: plain('Used lately'), options: fitting }] : [] };
}
