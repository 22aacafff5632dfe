import { expect } from 'chai';
import type { SettingsChange } from '../../../sandbox/acumatica/index.ts';
import { errorOf } from '../../outbound/servers.ts';
import { type Bench, openBench, signal } from './support.ts';

describe('what is not known of Acumatica, in each of its readings', () => {
  let bench: Bench;
  afterEach(() => bench.close());
  const open = async (settings: SettingsChange) => {
    bench = await openBench({ seedBills: 1, settings });
    return bench;
  };

  for (const links of [true, false])
    it(`keeps a file with a record, links: ${links}`, async () => {
      const { connect, site } = await open({ links });
      const { ref } = site.addBill({ status: 'Pending Approval' });
      const connection = connect();
      const document = await connection.get('bill', `Bill|${ref}`, signal);
      if (!document) throw new Error('gone');
      const file = { name: 'scan.txt', type: 'text/plain', content: Buffer.from('Hello') };
      expect(await connection.attach?.({ document, file }, signal)).to.deep.equal({ result: 'done' });
      expect(site.files(ref).map(({ name, content }) => `${name}: ${content}`)).to.deep.equal(['scan.txt: Hello']);
    });

  for (const badLoginStatus of [500, 401] as const)
    it(`names the login when a password is wrong at cookie sign-in, status ${badLoginStatus}`, async () => {
      const { connect, site } = await open({ badLoginStatus });
      const error = await errorOf(connect({ sign_in: 'cookie', password: 'wrong' }).test(signal));
      expect(error).to.include({ name: 'ReconnectError', field: 'login' });
      expect(error.message).not.to.contain('wrong');
      expect(site.counters.sessions.opened).to.equal(0);
    });

  for (const workflowActions of ['array', 'object', 'absent'] as const)
    it(`offers what can be done, listed as: ${workflowActions}`, async () => {
      const { connect, site } = await open({ workflowActions });
      const { ref } = site.addBill({ status: 'Pending Approval' });
      const document = await connect().get('bill', `Bill|${ref}`, signal);
      expect(document?.actions).to.deep.equal(['approve', 'reject', 'hold']);
    });
});
