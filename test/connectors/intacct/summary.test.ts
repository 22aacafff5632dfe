import { expect } from 'chai';
import { intacct } from '../../../connectors/intacct/index.ts';
import { kinds } from '../../../connectors/intacct/kinds/index.ts';
import { summaryOf } from '../../../connectors/intacct/probe.ts';
import { Company } from './company.ts';

const { signal } = new AbortController();

describe('connectors intacct: its own test', () => {
  let company: Company;
  beforeEach(async () => {
    company = await Company.start();
  });
  afterEach(() => company.close());

  it('says what can be read, in few calls', async () => {
    const { summary } = await company.connect({ entity: 'E100' }).test(signal);
    expect(summary).to.match(
      /^Sage Intacct at 127\.0\.0\.1:\d+, company Treasury-sandbox, entity E100: bills, payments, journals can be read\.$/,
    );
    expect(company.running.asked).to.have.length(3);
  });

  it('says what a right is missing for, and reads on what it may', async () => {
    company.site.changeSettings({ noPermission: ['APPYMT'] });
    const { summary } = await company.connect().test(signal);
    expect(summary).to.contain('bills, journals can be read.').and.to.contain('may not read payments (APPYMT)');
  });

  it('warns of a language whose states it does not understand', async () => {
    const userFormat = { locale: 'de_DE', dateformat: '.dmY', gmtoffset: '+01:00', clock: '24' as const };
    company.site.changeSettings({ userFormat });
    expect((await company.connect().test(signal)).summary).to.contain("The user's language is de_DE");
  });

  it('names the states of the company that it does not know', () => {
    const credentials = intacct.credentials.parse(company.running.credentials) as Parameters<typeof summaryOf>[0];
    const format = { locale: 'en_US', separator: '/', order: 'mdY', offsetMs: 0, clock: '24' as const };
    const profile = {
      format,
      fields: () => [],
      states: (object: string) => (object === 'APPYMT' ? ['Partially approved', 'Bounced', 'Pending'] : []),
    };
    const summary = summaryOf(credentials, profile, { readable: [...kinds], closed: [] });
    expect(summary).to.contain('States that are shown but not understood: Bounced.');
  });
});
