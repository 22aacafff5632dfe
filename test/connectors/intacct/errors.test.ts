import { expect } from 'chai';
import type { FaultInput } from '../../../sandbox/intacct/index.ts';
import { errorOf } from '../../outbound/servers.ts';
import { Company } from './company.ts';

const { signal } = new AbortController();
const error = (level: 'control' | 'operation' | 'result', errorno: string, description2: string): FaultInput => ({
  kind: 'error',
  match: '<query>',
  level,
  errorno,
  description2,
});

describe('connectors intacct: what an answer complains about', () => {
  let company: Company;
  beforeEach(async () => {
    company = await Company.start();
    company.site.maker.bill({ state: 'S' });
  });
  afterEach(() => company.close());

  /** What reading ends with when the gateway answers so; the sign-in and the profile are there already. */
  async function readingWith(fault: FaultInput): Promise<Error & Record<string, unknown>> {
    const connection = company.connect();
    await connection.test(signal);
    company.site.setFault(fault);
    return errorOf(company.pages(connection));
  }

  const rows: [rule: string, fault: FaultInput, expected: Record<string, unknown>][] = [
    // The same number at each of its places.
    [
      'the sender pair is wrong',
      error('control', 'XL03000006', 'Incorrect Intacct XML Partner ID or password.'),
      { name: 'ReconnectError', field: 'sender_id', scope: 'connection' },
    ],
    [
      'the company has not authorised the sender',
      error(
        'operation',
        'XL03000006',
        "Sender ID 'x' is not authorized to make Web Services requests to company ID 'y'.",
      ),
      { name: 'ReconnectError', field: 'authorisation', scope: 'connection' },
    ],
    [
      'the role may not read this object: the other kinds go on',
      error('result', 'PL04000005', 'You do not have permission for API operation QUERY on objects of type APBILL'),
      { name: 'ReconnectError', field: 'rights', scope: 'kind' },
    ],
    [
      'the object is not there',
      error('result', 'XL03000009', 'Object definition APBILL not found'),
      { name: 'ReconnectError', field: 'rights', scope: 'kind' },
    ],
    [
      'a field is not there',
      error('result', 'XL03000010', 'The field STATUS does not exist in the object GLDETAIL'),
      { name: 'ReconnectError', field: 'rights', scope: 'kind' },
    ],
    [
      'a sibling failed, so this was taken back',
      error('result', 'XL03000009', 'The entire transaction in this operation has been rolled back due to an error.'),
      { name: 'PermanentError', reason: 'refused_by_erp' },
    ],
    [
      'the vague one',
      error('result', 'DL02000001', 'There was an error processing the request.'),
      { name: 'PermanentError', reason: 'refused_by_erp' },
    ],
    [
      'free text in the place of a number',
      error('result', 'Query Failed', 'Something went wrong.'),
      { name: 'PermanentError', reason: 'refused_by_erp' },
    ],
    ['no number at all', error('result', '', 'No.'), { name: 'PermanentError', reason: 'refused_by_erp' }],
    [
      'the request did not fit the schema',
      error('control', 'XL03000003', 'XML Parse schema error'),
      { name: 'PermanentError', reason: 'refused_by_erp' },
    ],
    [
      'too many requests, said inside of an answer',
      error('result', 'GW-0010', 'Too many requests.'),
      { name: 'RetryableError' },
    ],
    [
      'an error of the gateway, said inside of an answer',
      error('control', 'GW-0004', 'Timeout'),
      { name: 'RetryableError' },
    ],
    ['the gateway knows no such sender or tenant', { kind: '400' }, { name: 'ReconnectError', field: 'sender_id' }],
    ['too many requests at once', { kind: '429' }, { name: 'RetryableError' }],
    ['the gateway broke', { kind: '500-xml' }, { name: 'RetryableError' }],
    ['the gateway is closed', { kind: '503-xml' }, { name: 'RetryableError' }],
    ['a page of the proxy in front', { kind: '503-html' }, { name: 'RetryableError' }],
    ['a time-out of the proxy in front', { kind: '524-html' }, { name: 'RetryableError' }],
    ['a limit in a body with 200', { kind: 'rate-limit-in-200' }, { name: 'RetryableError' }],
    ['off-line in a body with 200', { kind: 'offline-in-200' }, { name: 'RetryableError' }],
    ['no answer at all', { kind: 'drop-before' }, { name: 'RetryableError' }],
    ['an answer that was lost: reading changes nothing', { kind: 'drop-after' }, { name: 'RetryableError' }],
    ['an answer cut off on its way', { kind: 'cut-body' }, { name: 'RetryableError' }],
    ['half of an answer', { kind: 'truncated-xml' }, { name: 'RetryableError' }],
  ];
  for (const [rule, fault, expected] of rows)
    it(`${rule}: ${String(expected.name)} ${String(expected.field ?? '')}`.trim(), async () => {
      const problem = await readingWith(fault);
      expect(problem).to.include(expected);
      expect(problem.message).to.match(/^\S[^<>{}\n]{20,}$/);
    });

  it('says a refused sign-in once more in words of its own, when the gateway in front says it', async () => {
    company.site.setFault({ kind: '401', match: '<getAPISession' });
    expect(await errorOf(company.connect().test(signal))).to.include({ name: 'ReconnectError', field: 'login' });
  });

  it('tells the two pairs of credentials and the authorisation apart', async () => {
    company.site.changeSettings({ senderAuthorised: false });
    const unauthorised = await errorOf(company.connect().test(signal));
    expect(unauthorised).to.include({ name: 'ReconnectError', field: 'authorisation' });
    expect(unauthorised.message).to.contain('Web Services authorizations');
    const sender = await errorOf(company.connect({ sender_id: 'Countersign_ws' }).test(signal));
    expect(sender).to.include({ name: 'ReconnectError', field: 'sender_id' });
    const user = await errorOf(company.connect({ user_id: 'nobody' }).test(signal));
    expect(user).to.include({ name: 'ReconnectError', field: 'login' });
  });

  it('names no number of support, which is another one each time', async () => {
    expect((await readingWith(error('result', 'X1', 'Not now.'))).message).to.match(/It says: Not now\.$/);
  });

  it('asks anew what there is when something was asked for that is not', async () => {
    const connection = company.connect();
    await company.pages(connection);
    company.site.setFault({ ...error('result', 'XL03000010', 'The field RECORD_URL does not exist'), times: 1 });
    expect(await errorOf(company.pages(connection))).to.include({ scope: 'kind' });
    const lookups = () => company.running.asked.filter((body) => body.includes('<lookup>')).length;
    expect(lookups()).to.equal(1);
    await company.pages(connection);
    await company.pages(connection);
    expect(lookups()).to.equal(2);
  });

  it('asks no more than once an hour what there is, where that mends nothing', async () => {
    const connection = company.connect();
    company.site.setFault(error('result', 'XL03000010', 'The field RECORD_URL does not exist'));
    const lookups = () => company.running.asked.filter((body) => body.includes('<lookup>')).length;
    const failing = async () =>
      expect(await errorOf(company.pages(connection))).to.include({ field: 'rights', scope: 'kind' });
    for (let tries = 0; tries < 6; tries += 1) await failing();
    expect(lookups()).to.equal(2);
    company.pass(61);
    await failing();
    await failing();
    expect(lookups()).to.equal(3);
  });

  it('reads what the role may read where it may not read the rest', async () => {
    company.site.changeSettings({ noPermission: ['APBILLITEM'] });
    const problem = await errorOf(company.pages(company.connect()));
    expect(problem).to.include({ name: 'ReconnectError', field: 'rights', scope: 'kind' });
    expect(problem.message).to.contain('APBILLITEM');
  });
});
