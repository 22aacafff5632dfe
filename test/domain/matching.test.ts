import { expect } from 'chai';
import { type Matchable, matchByEmail } from '../../app/domain/matching.ts';

const employee = (id: string, email: string | null): Matchable => ({ id, sort: 'employee', email });
const contact = (id: string, email: string | null): Matchable => ({ id, sort: 'contact', email });

describe('who is who by e-mail', () => {
  const accounts = new Map([
    ['maya@example.com', ['U1']],
    ['ap@example.com', ['U2']],
    ['twin@example.com', ['U3', 'U4']],
  ]);
  for (const [what, people, expected] of [
    ['whatever the letters and the blanks', [employee('1', ' Maya@Example.COM ')], ['U1']],
    ['nobody without an address', [employee('1', null)], ['no_email']],
    ['nobody whose address nobody in Slack has', [employee('1', 'else@example.com')], ['nobody']],
    ['nobody whose address two accounts have', [employee('1', 'twin@example.com')], ['same_in_slack']],
    [
      'none of two employees with one address',
      [employee('1', 'ap@example.com'), employee('2', 'AP@example.com')],
      ['same_in_erp', 'same_in_erp'],
    ],
    [
      'an employee who is a contact, too',
      [employee('1', 'ap@example.com'), contact('2', 'ap@example.com')],
      ['U2', 'U2'],
    ],
  ] as Array<[string, Matchable[], string[]]>) {
    it(`is ${what}`, () => {
      const matches = matchByEmail(people, accounts);
      expect(people.map(({ id }) => matches.get(id)?.slackUser ?? matches.get(id)?.unmatched)).to.deep.equal(expected);
    });
  }
});
