import { expect } from 'chai';
import { parseMrkdwn } from '../../../sandbox/page/blocks/mrkdwn.ts';

function inline(source: string): unknown {
  return parseMrkdwn(source).flatMap((element) => element.elements);
}

describe('mrkdwn as Slack reads it', () => {
  it('sees mentions, channels, broadcasts and links only in raw angle brackets', () => {
    expect(inline('<@U1> <#C1|ap> <!here> <https://a.example/?x=1&amp;y=2|bill>')).to.deep.equal([
      { type: 'user', user_id: 'U1' },
      { type: 'text', text: ' ' },
      { type: 'channel', channel_id: 'C1' },
      { type: 'text', text: ' ' },
      { type: 'broadcast', range: 'here' },
      { type: 'text', text: ' ' },
      { type: 'link', url: 'https://a.example/?x=1&y=2', text: 'bill' },
    ]);
  });

  it('shows an escaped <!channel> as words', () => {
    expect(inline('&lt;!channel&gt; &lt;@U1&gt;')).to.deep.equal([{ type: 'text', text: '<!channel> <@U1>' }]);
  });

  it('takes away one level of escapes and knows no others', () => {
    expect(inline('&amp;lt;b&amp;gt; &#60; &quot;')).to.deep.equal([{ type: 'text', text: '&lt;b&gt; &#60; &quot;' }]);
  });

  it('styles whole words and nests styles', () => {
    expect(inline('*a _b_* ~c~')).to.deep.equal([
      { type: 'text', text: 'a ', style: { bold: true } },
      { type: 'text', text: 'b', style: { bold: true, italic: true } },
      { type: 'text', text: ' ' },
      { type: 'text', text: 'c', style: { strike: true } },
    ]);
  });

  for (const plain of ['A*B*C', 'snake_case_name', '2 * 3 * 4', '*open', '12:30:45', '# head', '- dash', '| a | b |']) {
    it(`leaves ${plain} as it is`, () => {
      expect(inline(plain)).to.deep.equal([{ type: 'text', text: plain }]);
    });
  }

  it('keeps code as written', () => {
    expect(inline('`*x*`')).to.deep.equal([{ type: 'text', text: '*x*', style: { code: true } }]);
    expect(parseMrkdwn('```\n*x*  1\n```')).to.deep.equal([
      { type: 'rich_text_preformatted', elements: [{ type: 'text', text: '*x*  1' }] },
    ]);
  });

  it('gathers quoted lines', () => {
    expect(parseMrkdwn('said\n> one\n> two').map((element) => element.type)).to.deep.equal([
      'rich_text_section',
      'rich_text_quote',
    ]);
  });

  it('finds bare web addresses, and makes no link of other schemes', () => {
    expect(inline('see https://a.example/x.')).to.deep.include({
      type: 'link',
      url: 'https://a.example/x',
      text: 'https://a.example/x',
    });
    expect(inline('<javascript:alert(1)|x>')).to.deep.equal([{ type: 'text', text: '<javascript:alert(1)|x>' }]);
  });

  it('reads dates with their format and fallback', () => {
    expect(inline('<!date^1700000000^{date_short}|14 Nov>')).to.deep.equal([
      { type: 'date', timestamp: 1700000000, format: '{date_short}', fallback: '14 Nov' },
    ]);
  });
});
