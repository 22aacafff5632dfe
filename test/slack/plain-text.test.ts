import { expect } from 'chai';
import { mentionedIn, toPlainText } from '../../app/slack/plain-text.ts';

const names = new Map([['U0FINDIR01', 'Maya Okafor']]);

describe('a message as people read it', () => {
  const cases: Array<[text: string, plain: string]> = [
    ['<@U0FINDIR01> and <@U0BUYER005|tom> and <@U0APCLRK03>', '@Maya Okafor and @tom and @U0APCLRK03'],
    ['in <#C0GENERAL0|general> and <#C0GENERAL0|>', 'in #general and #C0GENERAL0'],
    ['<!here> <!subteam^S0TREASURY|@treasury> <!subteam^S0TREASURY>', '@here @treasury @subteam'],
    ['<!date^1700000000^{date}|14 Nov 2023>', '14 Nov 2023'],
    [
      '<https://a.example/?x=1&amp;y=2|the order> <https://a.example/>',
      'the order (https://a.example/?x=1&y=2) https://a.example/',
    ],
    ['<mailto:a@b.example|a@b.example>', 'a@b.example'],
    ['3 &lt; 4 &amp;amp; 5 &gt; 4', '3 < 4 &amp; 5 > 4'],
    ['&lt;@U0FINDIR01&gt; as typed', '<@U0FINDIR01> as typed'],
    ['  two\nlines ', 'two\nlines'],
  ];
  for (const [text, plain] of cases) {
    it(`is ${JSON.stringify(plain)}`, () => {
      expect(toPlainText(text, names)).to.equal(plain);
    });
  }

  it('names everybody whom it mentions, once', () => {
    expect(mentionedIn('<@U1> <@W2|x> <@U1> <#C1> <!here>')).to.deep.equal(['U1', 'W2']);
  });
});
