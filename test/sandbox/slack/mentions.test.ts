import { expect } from 'chai';
import { mentionsInMessage } from '../../../sandbox/slack/mentions.ts';
import { section } from './support.ts';

const cases: [string, string[]][] = [
  ['Vendor <!channel> Ltd', ['channel']],
  ['<!here|here> and <!everyone>', ['here', 'everyone']],
  ['<@U0FINDIR01> and <@U0APCLRK03|jonas>', ['U0FINDIR01', 'U0APCLRK03']],
  ['<!subteam^S0TREASURY|@treasury>', ['S0TREASURY']],
  ['Vendor &lt;!channel&gt; Ltd', []],
  ['@channel, <#C0GENERAL0>, <!date^1700000000^{date}|then>, <https://x.example|@here>', []],
];

describe('mentions in the simulated Slack', () => {
  for (const [text, pinged] of cases) {
    it(`reads ${text} as ${pinged.join(' and ') || 'nobody'}`, () => {
      expect(mentionsInMessage('', [section(text)])).to.deep.equal(pinged);
    });
  }

  it('reads none in plain text, cells, labels and options', () => {
    const text = '<!channel>';
    const plain = { type: 'plain_text', text };
    const blocks = [
      {
        type: 'section',
        text: plain,
        accessory: { type: 'button', text: plain, confirm: { text: { type: 'mrkdwn', text } } },
      },
      { type: 'header', text: plain },
      { type: 'table', rows: [[{ type: 'raw_text', text }]] },
    ];
    expect(mentionsInMessage('', blocks)).to.deep.equal([]);
  });

  it('reads them in the text, in fields, context and rich text', () => {
    const rich = {
      type: 'rich_text_section',
      elements: [
        { type: 'user', user_id: 'U0TREASR04' },
        { type: 'broadcast', range: 'here' },
      ],
    };
    const blocks = [
      { type: 'section', fields: [{ type: 'mrkdwn', text: '<@U0FINDIR01>' }] },
      { type: 'context', elements: [{ type: 'mrkdwn', text: '<@U0APCLRK03>' }] },
      { type: 'table', rows: [[{ type: 'rich_text', elements: [rich] }]] },
    ];
    expect(mentionsInMessage('<!channel>', blocks)).to.deep.equal([
      'channel',
      'U0FINDIR01',
      'U0APCLRK03',
      'U0TREASR04',
      'here',
    ]);
  });
});
