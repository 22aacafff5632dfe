import { expect } from 'chai';
import express from 'express';
import { type AcumaticaSite, createAcumaticaSite } from '../../../sandbox/acumatica/index.ts';
import { tenantsRouter } from '../../../sandbox/acumatica/tenants.ts';
import { startHttp } from '../../outbound/servers.ts';

describe('sandbox acumatica: several tenants of a site', () => {
  let server: Awaited<ReturnType<typeof startHttp>>;
  let one: AcumaticaSite;
  let other: AcumaticaSite;
  before(async () => {
    const app = express();
    server = await startHttp(app);
    const make = (tenant: string) =>
      createAcumaticaSite({
        baseUrl: () => server.url,
        path: '/AcumaticaERP',
        seedBills: 0,
        settings: { tenant, apiUsers: 2, approvalsInquiry: 'Approvals' },
      });
    [one, other] = [make('ONE'), make('OTHER')];
    app.use('/AcumaticaERP', tenantsRouter([one, other]));
    one.addBill({ ref: 'X1', description: 'of one' });
    other.addBill({ ref: 'X1', description: 'of the other' });
  });
  after(async () => {
    one.stop();
    other.stop();
    await server.close();
  });
  const ask = (path: string, init: RequestInit = {}) =>
    fetch(`${server.url}/AcumaticaERP${path}`, { redirect: 'manual', ...init });

  async function tokenOf(site: AcumaticaSite): Promise<string> {
    const { clientId, clientSecret, users } = site.describe();
    const [user] = users;
    const form = { client_id: clientId, client_secret: clientSecret, grant_type: 'password', scope: 'api' };
    const body = new URLSearchParams({ ...form, username: user?.username ?? '', password: user?.password ?? '' });
    const answer = await ask('/identity/connect/token', { method: 'POST', body });
    return ((await answer.json()) as { access_token: string }).access_token;
  }
  const login = (tenant: string) =>
    ask('/entity/auth/login', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'countersign', password: 'sandbox-service', tenant }),
    });
  const billBy = async (headers: Record<string, string>) => {
    const answer = await ask('/entity/Default/24.200.001/Bill/Bill/X1', { headers });
    return { status: answer.status, body: (await answer.json()) as { Description?: { value: string } } };
  };

  it('answers each session and token with its own tenant’s records, and no other’s', async () => {
    const { body } = await billBy({ authorization: `Bearer ${await tokenOf(other)}` });
    expect(body.Description?.value).to.equal('of the other');
    const signedIn = await login('one');
    const cookie = signedIn.headers
      .getSetCookie()
      .map((line) => line.split(';')[0] ?? '')
      .join('; ');
    expect(cookie).to.contain('CompanyID=ONE');
    expect((await billBy({ cookie })).body.Description?.value).to.equal('of one');
    expect((await billBy({ authorization: 'Bearer nobody' })).status).to.equal(401);
    one.closeSessions();
    other.closeSessions();
  });

  it('counts the seats of all tenants as those of one licence', async () => {
    expect((await login('ONE')).status).to.equal(204);
    expect((await login('OTHER')).status).to.equal(204);
    const third = await login('OTHER');
    expect(third.status).to.equal(429);
    one.closeSessions();
    expect((await login('OTHER')).status).to.equal(204);
    other.closeSessions();
  });

  it('knows a renamed tenant by its new name alone', async () => {
    other.changeSettings({ tenant: 'RENAMED' });
    const refused = await login('OTHER');
    expect(refused.status).to.equal(500);
    expect(await refused.text()).to.contain('PXUndefinedCompanyException');
    expect((await login('RENAMED')).status).to.equal(204);
    const page = await ask('/Main?CompanyID=RENAMED&ScreenId=AP301000&DocType=INV&RefNbr=X1');
    expect(page.status).to.equal(302);
    other.closeSessions();
    other.changeSettings({ tenant: 'OTHER' });
  });

  it('serves an inquiry over the approvals below the tenant’s own address', async () => {
    const { ref } = other.addBill({ status: 'Pending Approval' });
    const headers = { authorization: `Bearer ${await tokenOf(other)}` };
    const answer = await ask('/t/OTHER/api/odata/gi/Approvals', { headers });
    const { value } = (await answer.json()) as { value: Array<Record<string, unknown>> };
    expect(value.find(({ RefNoteID }) => RefNoteID === other.bill(ref)?.id)).to.deep.include({
      ApproverName: 'Amara Okafor',
      ApproverID: 'EP00000005',
      Status: 'Pending',
    });
    expect((await ask('/t/ONE/api/odata/gi/Approvals', { headers })).status).to.equal(401);
    expect((await ask('/t/OTHER/api/odata/gi/Nothing', { headers })).status).to.equal(404);
    const odd = await ask(`/t/OTHER/api/odata/gi/Approvals?$filter=${encodeURIComponent("RefNoteID eq 'x'")}`, {
      headers,
    });
    expect(odd.status).to.equal(400);
  });
});
