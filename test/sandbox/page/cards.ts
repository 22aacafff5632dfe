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
