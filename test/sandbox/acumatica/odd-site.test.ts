import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { waitUntil } from '../../support/wait.ts';
import { type TestClient, TestSite } from './site.ts';

describe('sandbox acumatica: a site that is odd', () => {
  let test: TestSite;
  let client: TestClient;
  beforeEach(async () => {
    test = new TestSite();
    client = await test.client();
  });
  afterEach(() => test.close());
  const refs = async (headers: Record<string, string> = {}) =>
    ((await client.send('GET', 'Bill', undefined, headers)).json() as Array<{ ReferenceNbr: { value: string } }>).map(
      (record) => record.ReferenceNbr.value,
    );

  it('stamps its answers and its records by its own clock', async () => {
    test.site.changeSettings({ clockAheadMinutes: -10 });
    const { modifiedAt } = test.site.addBill();
    const late = test.now() - 600_000;
    expect(Date.parse(modifiedAt)).to.equal(late);
    const { headers } = await client.get('Bill');
    expect(Date.parse(headers.get('date') ?? '')).to.equal(Math.floor(late / 1_000) * 1_000);
  });

  it('shows archived records only to those who ask for them', async () => {
    const [kept, archived] = [test.site.addBill(), test.site.addBill({ archived: true })];
    expect(await refs()).to.deep.equal([kept.ref]);
    expect(await refs({ 'PX-ApiArchive': 'SHOW' })).to.deep.equal([kept.ref, archived.ref]);
    const path = `Bill/Bill/${archived.ref}`;
    expect((await client.get(path)).text).to.contain('No entity satisfies the condition.');
    const shown = await client.send('GET', path, undefined, { 'PX-ApiArchive': 'SHOW' });
    expect(shown.status).to.equal(200);
    test.site.editBill(archived.ref, { archived: false });
    expect(await refs()).to.deep.equal([kept.ref, archived.ref]);
  });

  it('loses its pushes when told to, and pushes what happens from then on', async () => {
    const came: string[] = [];
    const server = createServer((request, response) => {
      request.on('data', (part) => came.push(String(part)));
      request.on('end', () => response.end());
    });
    await new Promise<void>((resolve) => server.listen(0, resolve));
    try {
      const address = `http://localhost:${(server.address() as AddressInfo).port}/`;
      test.site.changeSettings({ pushDelayMs: 0, pushesLost: true });
      test.site.setPushDestination({ name: 'there', address });
      const lost = test.site.addBill();
      test.site.changeSettings({ pushesLost: false });
      const told = test.site.addBill();
      await waitUntil(() => came.some((body) => body.includes(told.ref)), { what: 'a push' });
      expect(came.join('')).not.to.contain(lost.ref);
    } finally {
      server.close();
    }
  });
});
