import { expect } from 'chai';
import { ApplyFileError, readApplyFile } from '../../app/connections/apply/file.ts';
import { connectors, fileText } from './fixtures.ts';

const env = { LEDGER_PASSWORD: 'a secret word' };

function problemsOf(text: string, given: NodeJS.ProcessEnv = env, known = connectors): string[] {
  try {
    readApplyFile(text, given, known);
    return [];
  } catch (error) {
    if (error instanceof ApplyFileError) return error.lines;
    throw error;
  }
}

describe('the apply file', () => {
  it('is read with defaults filled in and secrets apart', () => {
    const { connections } = readApplyFile(fileText(), env, connectors);
    expect(connections).to.deep.equal([
      {
        name: 'treasury',
        workspace: null,
        connector: 'ledger',
        timeZone: 'Europe/London',
        settings: { site: 'https://erp.example.com', pages: 10, login: 'countersign' },
        secrets: { password: 'a secret word' },
        feeds: { bill: '*/1 * * * *' },
        routes: [
          {
            name: 'large bills',
            kind: 'bill',
            when: { amountAtLeast: '25000', amountBelow: '1000000.5', currency: 'GBP', vendors: ['REFINITIV'] },
            channel: 'C0123',
            deciders: [{ user: 'U1' }, { user: 'U2', upTo: { value: '50000', currency: 'GBP' } }],
            actions: ['approve', 'reject'],
            mentions: ['U1'],
            burst: 20,
            digest: null,
            note_decisions: false,
            act_as: 'service',
            custom_fields: [],
            severity: 'as_found',
          },
          {
            name: 'all bills',
            kind: 'bill',
            when: {},
            channel: 'C0456',
            deciders: [],
            actions: ['approve', 'hold'],
            mentions: [],
            burst: 5,
            digest: null,
            note_decisions: false,
            act_as: 'service',
            custom_fields: [],
            severity: 'as_found',
          },
        ],
      },
    ]);
  });

  it("takes the connector's cadence where the file has none", () => {
    const text = fileText(['    feeds:\n      bill: { cadence: "*/1 * * * *" }\n', '']);
    expect(readApplyFile(text, env, connectors).connections[0]?.feeds).to.deep.equal({ bill: '*/5 * * * *' });
  });

  it('takes a cadence for digests, and no other word for one', () => {
    const digest = fileText(['burst: 5', 'burst: 5\n        digest: "0 8 * * 1-5"']);
    const routes = readApplyFile(digest, env, connectors).connections[0]?.routes.map((route) => route.digest);
    expect(routes).to.deep.equal([null, '0 8 * * 1-5']);
    for (const wrong of ['daily', '0 8 * *', '0 0 30 2 *', '61 * * * *', '""']) {
      const [problem] = problemsOf(fileText(['burst: 5', `burst: 5\n        digest: "${wrong.replace(/"/g, '')}"`]));
      expect(problem, wrong).to.match(/^connections\[0\]\.routes\[1\]\.digest: /);
    }
  });

  it(`fills in variables only in texts, and leaves $\${ as \${`, () => {
    const text = fileText(['login: countersign', `login: "a-\${USER_PART}-$\${LEDGER_PASSWORD}"`]);
    const { connections } = readApplyFile(text, { ...env, USER_PART: '1: [x]' }, connectors);
    expect(connections[0]?.settings.login).to.equal(`a-1: [x]-\${LEDGER_PASSWORD}`);
  });

  it('names every variable that is not set', () => {
    const text = fileText(['login: countersign', `login: \${LEDGER_LOGIN}`]);
    expect(problemsOf(text, {}).join()).to.contain('LEDGER_LOGIN is not set').and.contain('LEDGER_PASSWORD is not set');
  });

  // What is written in place of what, and the line that says so.
  const wrong: [string, string, RegExp][] = [
    ['connector: ledger', 'connector: other', /connections\[0\]\.connector: there is no "other"; there is ledger/],
    ['time_zone: Europe/London', 'time_zone: Europe/Londn', /connections\[0\]\.time_zone: must be a time zone/],
    ['channel: C0123', 'channel: "#bills"', /routes\[0\]\.channel: must be a channel id/],
    ['{ user: U1 }', '{ user: "@ana" }', /deciders\[0\]\.user: must be a member id/],
    ['up_to: 50000, ', '', /deciders\[1\]: needs up_to and currency together/],
    ['amount_at_least: 25000', 'amount_at_least: 25k', /when\.amount_at_least: must be an amount/],
    ['amount_at_least: 25000', 'amount_at_least: 25000000000000.125', /has too many digits/],
    ['currency: GBP, vendors', 'currency: pounds, vendors', /when\.currency: must be a currency code/],
    ['vendors:', 'vendor:', /when: Unrecognized key: "vendor"/],
    ['"*/1 * * * *"', 'often', /feeds\.bill\.cadence: must be a cron expression/],
    ['name: all bills', 'name: large bills', /routes\[1\]\.name: "large bills" is there twice/],
    ['kind: bill', 'kind: order', /routes\[0\]\.kind: /],
    ['login: countersign', 'logn: countersign', /credentials\.logn: Ledger knows no such field/],
    ['site: https://erp.example.com', 'site: erp', /credentials\.site: Invalid URL/],
    ['time_zone: Europe/London', 'time_zone: "Europe/London', /at line \d+/],
    [`      password: \${LEDGER_PASSWORD}\n`, '', /credentials\.password: /],
  ];
  for (const [from, to, line] of wrong) {
    it(`says what is wrong with ${JSON.stringify(to.trim() || `no ${from.trim()}`)}`, () => {
      expect(problemsOf(fileText([from, to])).join('\n')).to.match(line);
    });
  }

  it('explains a variable that needs quotes', () => {
    const text = fileText(['{ cadence: "*/1 * * * *" }', `{ cadence: \${CADENCE}, x: 1 }`]);
    expect(problemsOf(text).join('\n')).to.contain('needs quotes');
  });

  it('repeats no credential when it is wrong', () => {
    const text = fileText(['site: https://erp.example.com', `site: \${LEDGER_PASSWORD}`]);
    expect(problemsOf(text).join('\n')).to.contain('credentials.site').and.not.contain('a secret word');
  });

  it('refuses custom fields that are none, that are too many, and those of an ERP that has none', () => {
    const withFields = (fields: string) => fileText(['burst: 5', `burst: 5\n        custom_fields: [${fields}]`]);
    const at = 'connections[0].routes[1].custom_fields';
    expect(problemsOf(withFields('"Usr Project"'))).to.deep.equal([
      `${at}[0]: must be a custom field like Document.UsrProject`,
    ]);
    const eleven = Array.from({ length: 11 }, (_, index) => `A.B${index}`);
    expect(problemsOf(withFields(eleven.join(', ')))).to.deep.equal([`${at}: names more than 10 custom fields`]);
    expect(problemsOf(withFields('A.B, A.B'))).to.deep.equal([`${at}: names a custom field twice`]);
    const without = connectors.map((connector) => ({ ...connector, hasCustomFields: false }));
    expect(problemsOf(withFields('A.B'), env, without)).to.deep.equal([`${at}: Ledger offers no custom fields`]);
  });
});
