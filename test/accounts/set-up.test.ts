import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { createAccounts, linkAccount } from '../../app/accounts/accounts.ts';
import { applyChanges } from '../../app/connections/apply/apply.ts';
import { loadCurrentRoutes } from '../../app/connections/apply/current.ts';
import { exportFile } from '../../app/connections/apply/export.ts';
import { ApplyFileError, readApplyFile } from '../../app/connections/apply/file.ts';
import { loadRoutes } from '../../app/connections/routes.ts';
import { checkDraft } from '../../app/setup/route-check.ts';
import { draftOf } from '../../app/setup/route-draft.ts';
import { createKeyring } from '../../app/storage/keyring.ts';
import { rotateKeys } from '../../app/storage/rotate-keys.ts';
import { connectors } from '../../connectors/index.ts';
import { installed } from '../cli/fixtures.ts';
import { type FreshDatabase, freshDatabase, testKeyring, testKeys } from '../support/database.ts';

const file = (more = '', actAs = 'act_as: person') => `connections:
  - name: head office
    connector: acumatica
    credentials:
      site: https://erp.example.com
      tenant: Company
      client_id: ABC
      client_secret: one secret
      username: countersign
      password: another secret
${more}
    routes:
      - { name: all bills, channel: C0123, deciders: [{ user: U1 }], ${actAs} }`;
const application = '      account_client_id: DEF\n      account_client_secret: a third secret\n';

describe('Who acts for a route, and accounts at rest', () => {
  let fresh: FreshDatabase;
  before(async () => {
    fresh = await freshDatabase();
    await installed(fresh.db, testKeyring());
  });
  after(() => fresh.drop());
  const apply = (text: string) => applyChanges(fresh.db, testKeyring(), readApplyFile(text, {}, connectors));
  const problemsOf = (text: string) => {
    try {
      readApplyFile(text, {}, connectors);
    } catch (error) {
      if (error instanceof ApplyFileError) return error.lines;
      throw error;
    }
    return [];
  };

  it('is people themselves only where they can link accounts of their own', async () => {
    for (const actAs of ['act_as: person', 'act_as: person_or_service'])
      expect(problemsOf(file('', actAs))).to.deep.equal([
        'connections[0].routes[0].act_as: people cannot link accounts of their own to this connection; it needs an application in Acumatica that asks for their consent',
      ]);
    expect(problemsOf(file('', 'act_as: anyone')).join()).to.contain('routes[0].act_as');
    expect(problemsOf(file('', 'burst: 3'))).to.deep.equal([]);
    expect(problemsOf(file(application))).to.deep.equal([]);
    expect(problemsOf(file('      sign_in: consent\n'))).to.deep.equal([]);
  });

  it('is set by file, said when it changes, and exported', async () => {
    await apply(file(application));
    const { id } = await fresh.db('connections').first('id');
    expect((await loadRoutes(fresh.db, id)).map(({ actAs }) => actAs)).to.deep.equal(['person']);
    expect(await exportFile(fresh.db, testKeyring(), connectors)).to.contain('act_as: person');
    expect(await apply(file(application, 'act_as: person_or_service'))).to.deep.equal([
      'change route all bills of head office: act_as person → person_or_service',
    ]);
    await apply(file(application, 'burst: 20'));
    const written = await exportFile(fresh.db, testKeyring(), connectors);
    expect(written).to.not.contain('act_as').and.not.contain('a third secret');
    expect(written).to.contain('account_client_id: DEF').and.to.contain('sign_in: password');
  });

  it('stays what it is when the route is edited in its form', async () => {
    await apply(file(application, 'act_as: person'));
    const [current] = await loadCurrentRoutes(fresh.db, (await fresh.db('connections').first('id')).id);
    if (!current) throw new Error('no route');
    const checked = checkDraft(draftOf(current), {
      current,
      taken: new Set(),
      position: 1,
      title: 'Bills',
      actsOnlyAsPerson: false,
    });
    expect('wanted' in checked && checked.wanted.act_as).to.equal('person');
  });

  it('keeps a consent when only the page size changes', async () => {
    await fresh.db('connections').update({ shared_state: 'what was consented to' });
    await apply(file(`${application}      page_size: 50\n`, 'burst: 20'));
    expect((await fresh.db('connections').first()).shared_state).to.equal('what was consented to');
  });

  it('are opened by their own row only, and encrypted anew with a new key', async () => {
    const connection = await fresh.db('connections').first('id', 'installation_id');
    const linking = { installationId: connection.installation_id, connectionId: connection.id, user: 'amara' };
    const state = { token: { accessToken: 'the token' } };
    const [one, other] = [randomUUID(), randomUUID()];
    expect(await linkAccount(fresh.db, testKeyring(), { ...linking, person: 'U1', state }, one)).to.equal('linked');
    const theirs = { ...linking, person: 'U2', user: 'AMARA', state };
    expect(await linkAccount(fresh.db, testKeyring(), theirs, other)).to.equal('taken');
    await linkAccount(fresh.db, testKeyring(), { ...theirs, user: null }, other);
    const rows = await fresh.db('erp_accounts').select('id', 'state');
    expect(JSON.stringify(rows)).to.not.contain('the token');

    const recent = createKeyring(`2027:${Buffer.alloc(32, 8).toString('base64')},${testKeys}`);
    await rotateKeys(fresh.db, recent);
    const only = createKeyring(`2027:${Buffer.alloc(32, 8).toString('base64')}`);
    const account = await createAccounts(fresh.db, only).find(connection.id, 'U1');
    expect(account).to.include({ user: 'amara' });
    expect(await account?.state.read()).to.deep.equal(state);
    const [mine] = await fresh.db('erp_accounts').where({ id: one }).select('state');
    await fresh.db('erp_accounts').where({ id: other }).update({ state: mine.state });
    const swapped = await createAccounts(fresh.db, only).find(connection.id, 'U2');
    expect(await swapped?.state.read().catch((error) => error.name)).to.equal('KeyringError');
  });
});
