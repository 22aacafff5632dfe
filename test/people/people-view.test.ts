import { expect } from 'chai';
import { type ListedPerson, type PeopleList, peopleOnPage } from '../../app/home/people.ts';
import { administratorsView } from '../../app/slack/forms/administrators-view.ts';
import { readPeopleMetadata } from '../../app/slack/forms/people-metadata.ts';
import { peopleView } from '../../app/slack/forms/people-view.ts';
import { checkView } from '../../sandbox/slack/blocks/view.ts';

const evil = `<!channel> *_~\`\n\u0000&<@U0FINDIR01> ${'𝒳'.repeat(3_000)}`;

const worst = (index: number): ListedPerson => ({
  id: `1${String(index).padStart(17, '0')}`,
  version: 2_000_000_000,
  sort: 'contact',
  key: evil,
  name: evil,
  email: evil,
  slackUser: 'U0123456789',
  matchedBy: index % 2 === 0 ? 'hand' : 'email',
  unmatched: null,
  setBy: 'U0123456789',
});
const full: PeopleList = {
  asked: {
    installationId: 'i',
    connectionId: 'a0000000-0000-4000-8000-000000000000',
    show: 'all',
    query: 'q'.repeat(80),
    page: 3,
  },
  connection: { name: evil, connector: 'acumatica' },
  counts: { byEmail: 10_000, byHand: 10_000, unmatched: 10_000, contacts: 10_000 },
  seesEmails: false,
  matchedAt: '2026-11-20T13:45:00.000Z',
  isRunning: false,
  problem: evil,
  people: {
    items: Array.from({ length: peopleOnPage }, (_, index) => worst(index)),
    total: 900,
    page: 3,
    pages: 60,
    size: peopleOnPage,
  },
};
const reader = { erp: 'Acumatica', installUrl: 'https://countersign.example.com/slack/install' };

describe('the blocks of the People form', () => {
  it('keep Slack’s limits at their fullest, and what the form carries along with them', () => {
    const view = peopleView(full, { ...reader, notice: [[{ bold: evil }], [evil]] });
    checkView(view, 'modal');
    expect(view.blocks.length).to.be.at.most(60);
    expect(readPeopleMetadata(view.private_metadata ?? '')?.drawn).to.have.length(peopleOnPage);
  });

  it('take text of the ERP literally: no mrkdwn, no half characters', () => {
    const drawn = JSON.stringify(peopleView(full, reader));
    expect(drawn).to.not.contain('mrkdwn').and.not.contain('\\u0000');
    expect(drawn.isWellFormed() && !/\\ud[89a-f]/i.test(drawn)).to.equal(true);
  });

  it('name every block once', () => {
    const ids = peopleView(full, reader).blocks.flatMap(({ block_id }) => block_id ?? []);
    expect(new Set(ids).size).to.equal(ids.length);
  });

  it('say where to install again when the app may not see addresses', () => {
    expect(JSON.stringify(peopleView(full, reader))).to.contain('https://countersign.example.com/slack/install');
    expect(JSON.stringify(peopleView({ ...full, seesEmails: true }, reader))).to.not.contain('slack/install');
  });

  it('carry nothing of another version', () => {
    for (const text of ['', '{}', 'null', '{"connection":"x"}', `{"drawn":[["1; drop table people",1,null]]}`])
      expect(readPeopleMetadata(text)).to.equal(undefined);
  });
});

describe('the blocks of the Administrators form', () => {
  it('keep Slack’s limits at their fullest', () => {
    const named = Array.from({ length: 50 }, (_, index) => `U0${String(index).padStart(9, '0')}`);
    checkView(administratorsView({ installer: null, named, version: 1, changedBy: null }, [[evil]]), 'modal');
  });
});
