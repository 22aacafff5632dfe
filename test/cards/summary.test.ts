import type { KnownBlock, TableBlock } from '@slack/types';
import { expect } from 'chai';
import { drawCard } from '../../app/cards/content.ts';
import { toBlocks, toFallback } from '../../app/slack/blocks.ts';
import { findBlockErrors } from '../../sandbox/slack/blocks/check.ts';
import { sampleSummary } from '../domain/sample-summary.ts';
import { subject } from '../slack/drawings/samples.ts';

const draw = (journals: number, locale = 'en-GB') =>
  drawCard(subject(1, { document: sampleSummary(journals), erp: 'Sage Intacct', locale }));
const tableOf = (blocks: KnownBlock[]) => blocks.find((block): block is TableBlock => block.type === 'table');

describe('the card of a posting summary', () => {
  it('begins with a line that is enough on a lock screen', () => {
    expect(draw(1).headline).to.equal(
      'Posted in March 2026: 1,000 entries in 1 journal · £9,999,999,999,999.99 · 1,000 more than on Wednesday',
    );
    expect(draw(1).spoken).to.match(
      /^Posting summary of March 2026 from Sage Intacct, treasury: 1,000 entries .* By journal: GJ \(General ledger\) 1,000\.$/,
    );
    expect(draw(1, 'de-DE').headline).to.match(/1\.000 entries in 1 journal · 9\.999\.999\.999\.999,99\s£/);
  });

  it('asks nothing and warns of nothing', () => {
    const { ask, warnings, buttons, link, outcome } = draw(3);
    expect({ warnings, buttons, link, outcome }).to.deep.equal({
      warnings: [],
      buttons: [],
      link: null,
      outcome: null,
    });
    expect(ask).to.deep.equal(['For information:', ' ', { person: 'U0NINE' }]);
  });

  it('has a row for each journal, numbers to the right, and says how many are left out', () => {
    const blocks = toBlocks(draw(300));
    const table = tableOf(blocks);
    expect(table?.rows).to.have.length(16);
    expect(table?.column_settings?.map(({ align }) => align)).to.deep.equal(['left', 'left', 'right', 'right']);
    expect(JSON.stringify(blocks)).to.contain('and 285 more journals');
    expect(tableOf(toBlocks(draw(0)))).to.equal(undefined);
  });

  it('links the largest entries, and names those that have no address', () => {
    const drawn = JSON.stringify(toBlocks(draw(3)));
    expect(drawn.match(/"type":"link"/g)).to.have.length(4);
    expect(drawn).to.contain('The largest entries:').and.to.contain('<!channel> *J* 2');
  });

  for (const journals of [0, 1, 15, 16, 300]) {
    it(`keeps within Slack’s limits with ${journals} journals`, () => {
      const card = draw(journals);
      const blocks = toBlocks(card);
      expect(findBlockErrors(JSON.parse(JSON.stringify(blocks)), 'message')).to.deep.equal([]);
      expect(blocks.length).to.be.at.most(12);
      // What an ERP names itself is escaped where Slack reads marks.
      expect(toFallback(card)).not.to.contain('<!channel>');
    });
  }
});
