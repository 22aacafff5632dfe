import { expect } from 'chai';
import { written } from '../../app/domain/figures.ts';
import { mayDecide } from '../../app/domain/policy.ts';
import { phaseMarks } from '../../app/slack/blocks.ts';
import { allDrawings } from '../slack/drawings/index.ts';
import { readPages } from './pages.ts';

describe('the guide to texts', () => {
  let text: string;
  before(async () => {
    text = (await readPages()).find(({ path }) => path === 'docs/messages.md')?.text ?? '';
  });

  it('has the marks that cards have', () => {
    const rows = [...text.matchAll(/^\| (\S+) \| ([a-z]+) \|$/gmu)].map(([, mark, phase]) => [phase, mark]);
    expect(Object.fromEntries(rows.filter(([phase]) => phase !== 'state'))).to.deep.equal(phaseMarks);
  });

  it('quotes what the app says', () => {
    const over = mayDecide(
      'U1',
      'approve',
      { amount: { value: '1250.50', currency: 'GBP' } },
      { deciders: [{ user: 'U1', upTo: { value: '1000', currency: 'GBP' } }], actions: ['approve'] },
    );
    expect(text).to.contain(`“${written(over.message)}”`);
    const drawn = JSON.stringify(allDrawings());
    for (const words of ['No amount yet: check it before deciding.', 'This cannot be taken back from here.']) {
      expect(drawn).to.contain(words);
      expect(text).to.contain(words);
    }
  });
});
