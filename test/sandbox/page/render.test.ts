import { expect } from 'chai';
import { renderDrawing } from '../../../sandbox/page/render.ts';

const context = {
  users: [{ id: 'U1', name: 'Maya' }],
  channels: [{ id: 'C1', name: 'ap', kind: 'private' }],
  timeZone: 'UTC',
};
const draw = (...blocks: Record<string, unknown>[]) => renderDrawing({ blocks, scope: 's' }, context);
const plain = (text: string) => ({ type: 'plain_text', text });
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
const words = (html: string) => html.replace(/<[^>]*>/g, '');

const evil = `"'><img src=x onerror=alert(1)></script><script>alert(2)</script>`;
const evilShown =
  '&quot;&#x27;&gt;&lt;img src=x onerror=alert(1)&gt;&lt;/script&gt;&lt;script&gt;alert(2)&lt;/script&gt;';

const places: Record<string, (text: string) => Record<string, unknown>> = {
  header: (text) => ({ type: 'header', text: plain(text) }),
  'section text': (text) => ({ type: 'section', text: mrkdwn(text) }),
  'section field': (text) => ({ type: 'section', fields: [plain(text), mrkdwn(text)] }),
  context: (text) => ({ type: 'context', elements: [mrkdwn(text)] }),
  button: (text) => ({
    type: 'actions',
    block_id: text,
    elements: [{ type: 'button', action_id: text, value: text, text: plain(text), accessibility_label: text }],
  }),
  'confirm dialog': (text) => ({
    type: 'actions',
    elements: [
      {
        type: 'button',
        action_id: 'a',
        text: plain('x'),
        confirm: { title: plain(text), text: mrkdwn(text), confirm: plain(text), deny: plain(text) },
      },
    ],
  }),
  table: (text) => ({ type: 'table', rows: [[{ type: 'raw_text', text }]] }),
  'data table': (text) => ({ type: 'data_table', caption: text, rows: [[{ type: 'raw_text', text }]] }),
  'rich text': (text) => ({
    type: 'rich_text',
    elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text }] }],
  }),
  input: (text) => ({
    type: 'input',
    block_id: text,
    label: plain(text),
    hint: plain(text),
    element: { type: 'plain_text_input', action_id: text, initial_value: text, placeholder: plain(text) },
  }),
  textarea: (text) => ({
    type: 'input',
    label: plain('x'),
    element: { type: 'plain_text_input', multiline: true, action_id: 'a', initial_value: text },
  }),
  select: (text) => ({
    type: 'actions',
    elements: [
      {
        type: 'static_select',
        action_id: 'a',
        placeholder: plain(text),
        options: [{ text: plain(text), value: text }],
      },
    ],
  }),
  picker: (text) => ({
    type: 'actions',
    elements: [
      {
        type: 'multi_static_select',
        action_id: text,
        placeholder: plain(text),
        option_groups: [{ label: plain(text), options: [{ text: plain(text), value: text }] }],
        initial_options: [{ text: plain(text), value: text }],
      },
    ],
  }),
  checkboxes: (text) => ({
    type: 'input',
    label: plain(text),
    element: { type: 'checkboxes', action_id: 'a', options: [{ text: mrkdwn(text), value: text }] },
  }),
  markdown: (text) => ({ type: 'markdown', text }),
  image: (text) => ({ type: 'image', image_url: text, alt_text: text, title: plain(text) }),
  'unknown block': (text) => ({ type: text }),
};

describe('drawing Block Kit', () => {
  for (const [place, block] of Object.entries(places)) {
    it(`never turns text into markup: ${place}`, () => {
      const html = draw(block(evil));
      const tags = html.replace(/="[^"]*"/g, '').match(/<[^>]*>/g) ?? [];
      expect(tags.join('')).not.to.match(/onerror|script/i);
      expect(html).to.contain('onerror');
    });
  }

  it('shows such text as it was written', () => {
    expect(words(draw({ type: 'header', text: plain(evil) }))).to.equal(evilShown);
    expect(words(draw({ type: 'section', text: mrkdwn('&lt;img src=x onerror=alert(1)&gt;') }))).to.equal(
      '&lt;img src=x onerror=alert(1)&gt;',
    );
  });

  it('draws an escaped mention as words, a raw one as a mention', () => {
    expect(draw({ type: 'section', text: mrkdwn('&lt;!channel&gt;') })).not.to.contain('slack_broadcast');
    expect(draw({ type: 'section', text: mrkdwn('<!channel>') })).to.contain('slack_broadcast');
    expect(words(draw({ type: 'section', text: mrkdwn('<@U1> in <#C1>') }))).to.equal('@Maya in #ap');
  });

  it('knows no markup in plain text', () => {
    const html = draw({ type: 'section', text: plain('*a* <@U1> &lt; :tada:') });
    expect(words(html)).to.equal('*a* &lt;@U1&gt; &amp;lt; 🎉');
    expect(html).not.to.match(/slack_user|font-semibold/);
  });

  it('opens no link but to the web, mail and telephone', () => {
    const link = (url: string) => ({
      type: 'rich_text',
      elements: [{ type: 'rich_text_section', elements: [{ type: 'link', url, text: 'x' }] }],
    });
    for (const url of ['javascript:alert(1)', 'vbscript:x', 'data:text/html,x'])
      expect(draw(link(url))).not.to.contain('href');
    expect(draw(link('https://a.example/'))).to.contain('href="https://a.example/" target="_blank"');
  });

  it('gives buttons their ids, value, address and question', () => {
    const html = draw({
      type: 'actions',
      block_id: 'decide',
      elements: [
        { type: 'button', action_id: 'approve', value: '7', style: 'primary', text: plain('Approve') },
        {
          type: 'button',
          action_id: 'open',
          url: 'https://erp.example/',
          text: plain('Open'),
          confirm: { title: plain('Sure?'), text: mrkdwn('*Really*'), confirm: plain('Yes'), deny: plain('No') },
        },
      ],
    });
    expect(html).to.match(
      /<button[^>]*kit-button primary[^>]*data-action-id="approve" data-block-id="decide"[^>]*data-value="7"/,
    );
    expect(html).to.match(/data-action-id="open"[^>]*data-url="https:\/\/erp.example\/"/);
    const confirm = /data-confirm="([^"]*)"/.exec(html)?.[1]?.replaceAll('&quot;', '"').replaceAll('&lt;', '<') ?? '';
    expect(confirm).to.contain('"title":"Sure?"').and.to.contain('Really');
  });

  it('draws a table with numbers to the right and rich text cells', () => {
    const bold = { type: 'rich_text_section', elements: [{ type: 'text', text: 'Item', style: { bold: true } }] };
    const html = draw({
      type: 'table',
      column_settings: [{ is_wrapped: true }, null],
      rows: [
        [
          { type: 'rich_text', elements: [bold] },
          { type: 'raw_text', text: 'Amount' },
        ],
        [
          { type: 'raw_text', text: 'Paper' },
          { type: 'raw_number', value: 12.5, text: '12.50 EUR' },
        ],
      ],
    });
    expect(html).to.contain('<td class="left wrapped">Paper</td><td class="right">12.50 EUR</td>');
    expect(html).to.match(/font-semibold">Item</);
  });

  it('marks what is chosen at first among people and channels', () => {
    const html = draw(
      {
        type: 'input',
        block_id: 'u',
        label: plain('Who'),
        element: { type: 'users_select', action_id: 'v', initial_user: 'U1' },
      },
      {
        type: 'input',
        block_id: 'c',
        label: plain('Where'),
        element: { type: 'conversations_select', action_id: 'v', initial_conversation: 'C1' },
      },
    );
    const chosen = [...html.matchAll(/data-source="(\w+)"[^>]*data-chosen="([^"]*)"/g)].map(([, source, text]) => [
      source,
      JSON.parse((text ?? '').replaceAll('&quot;', '"')),
    ]);
    expect(chosen).to.deep.equal([
      ['people', [{ value: 'U1', label: 'Maya', kind: 'person' }]],
      ['places', [{ value: 'C1', label: 'ap', kind: 'private' }]],
    ]);
  });

  it('keeps an option of a menu that an update no longer offers, as Slack does', () => {
    const options = [{ text: plain('New'), value: 'new' }];
    const element = {
      type: 'static_select',
      action_id: 'v',
      options,
      initial_option: { text: plain('Old'), value: 'old' },
    };
    expect(draw({ type: 'input', block_id: 'b', label: plain('x'), element })).to.match(
      /<option value="old"[^>]*selected=""[^>]*>Old</,
    );
  });

  it('ties labels to their fields, unique for each view', () => {
    const block = {
      type: 'input',
      block_id: 'b',
      label: plain('Name'),
      element: { type: 'plain_text_input', action_id: 'v' },
    };
    expect(draw(block)).to.contain('for="s-b-v"').and.to.contain('id="s-b-v"');
  });

  it('repeats no element id, however many blocks there are', () => {
    const section = { type: 'section', text: mrkdwn('x') };
    expect(draw(section, section)).not.to.contain(' id="');
  });

  it('draws every kind of field with what it holds at first', () => {
    const fields: [Record<string, unknown>, RegExp][] = [
      [{ type: 'datepicker', initial_date: '2026-12-01' }, /type="date"[^>]*value="2026-12-01"/],
      [{ type: 'timepicker', initial_time: '09:30' }, /type="time"[^>]*value="09:30"/],
      [{ type: 'datetimepicker', initial_date_time: 1700000000 }, /type="datetime-local"[^>]*value="2023-11-14T22:13"/],
      [
        { type: 'number_input', is_decimal_allowed: true, initial_value: '1.5' },
        /inputMode="decimal"[^>]*type="text"[^>]*value="1.5"/i,
      ],
      [{ type: 'plain_text_input', multiline: true, initial_value: 'a\nb' }, /<textarea[^>]*>a\nb<\/textarea>/],
      [{ type: 'plain_text_input', focus_on_load: true }, /data-focus="true"/],
    ];
    for (const [element, shown] of fields) {
      const block = { type: 'input', block_id: 'b', label: plain('x'), element: { ...element, action_id: 'a' } };
      expect(draw(block)).to.match(shown);
    }
  });

  it('draws the options of an overflow menu as buttons with the ids of the menu', () => {
    const html = draw({
      type: 'section',
      block_id: 'b',
      text: mrkdwn('x'),
      accessory: { type: 'overflow', action_id: 'more', options: [{ text: plain('History'), value: 'h' }] },
    });
    expect(html).to.match(/<button[^>]*data-action-id="more" data-block-id="b" data-element="overflow" data-value="h"/);
  });

  it('draws attachments with their colour, and no other style from it', () => {
    const attach = (color: string) => renderDrawing({ text: 'x', attachments: [{ color, text: '*bold*' }] }, context);
    expect(attach('danger')).to.contain('border-color:#a30200');
    expect(attach('#36a64f')).to.contain('border-color:#36a64f');
    expect(attach('red;background:url(x)"><img>')).to.contain('border-color:#dddddd').and.not.to.contain('<img');
  });

  it('goes on after a block that cannot be drawn', () => {
    const html = draw({ type: 'markdown', text: 5 }, { type: 'section', text: mrkdwn('after') });
    expect(words(html)).to.contain('after');
  });

  it('draws the text where there are no blocks', () => {
    expect(words(renderDrawing({ text: 'see *this*' }, context))).to.equal('see this');
  });
});
