import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { install } from '../../demo/install.ts';
import { closedPort, startHttp, startHttps } from '../outbound/servers.ts';
import { type Product, people, startProduct } from '../support/product.ts';
import { waitUntil } from '../support/wait.ts';
import { credentialsOf, modal, modalNow, openForm, saidBelow, submit } from './forms.ts';

const { admin } = people;
const pem = (name: string) => readFile(new URL(`../outbound/certificates/${name}`, import.meta.url), 'utf8');

/** What is entered wrongly, by what the person did, and the fields that have to say so. */
interface Wrong {
  typed: (product: Product) => Record<string, string> | Promise<Record<string, string>>;
  fields: string[];
  words: RegExp;
}

const cases: Record<string, Wrong> = {
  'a host that is not there': {
    typed: () => ({ 'credentials.site': 'https://erp.nowhere.invalid/ERP' }),
    fields: ['credentials.site'],
    words: /could not be found \(DNS\)/,
  },
  'a port on which nothing listens': {
    typed: async () => ({ 'credentials.site': `http://127.0.0.1:${await closedPort()}/ERP` }),
    fields: ['credentials.site'],
    words: /refused the connection/,
  },
  'a wrong path': {
    typed: (product) => ({ 'credentials.site': `${credentialsOf(product)['credentials.site']}/deeper` }),
    fields: ['credentials.site'],
    words: /no Acumatica at this address/,
  },
  'an address of the machine’s cloud': {
    typed: () => ({ 'credentials.site': 'https://169.254.169.254/ERP' }),
    fields: ['credentials.site'],
    words: /not allowed for an ERP/,
  },
  'an address without TLS': {
    typed: () => ({ 'credentials.site': 'http://erp.example.com/ERP' }),
    fields: ['credentials.site'],
    words: /over https/,
  },
  'a wrong client secret': {
    typed: () => ({ 'credentials.client_secret': 'wrong' }),
    fields: ['credentials.client_id', 'credentials.client_secret'],
    words: /does not know this client ID in the tenant TREASURY, or the client secret is wrong/,
  },
  'a tenant that the client ID is not of': {
    typed: () => ({ 'credentials.tenant': 'OTHER' }),
    fields: ['credentials.client_id', 'credentials.tenant'],
    words: /tenant/,
  },
  'a wrong password': {
    typed: () => ({ 'credentials.password': 'wrong' }),
    fields: ['credentials.password'],
    words: /does not accept the user name and password/,
  },
  'a version that is not there': {
    typed: () => ({ 'credentials.version': '17.200.001' }),
    fields: ['credentials.version'],
    words: /no version 17\.200\.001 .* it has: 20\.200\.001/,
  },
  'an endpoint that is not there': {
    typed: () => ({ 'credentials.endpoint': 'Other' }),
    fields: ['credentials.endpoint'],
    words: /has no endpoint "Other"/,
  },
  'a user without rights': {
    typed: () => ({ 'credentials.username': 'warehouse', 'credentials.password': 'sandbox-warehouse' }),
    fields: ['credentials.username'],
    words: /may not read bills/,
  },
};

describe('A connection that does not work', () => {
  let product: Product;
  before(async () => {
    product = await startProduct({ setUp: false, scenario: { slack: { limits: 'pace-only' } } });
    await install(product.appUrl);
  });
  after(() => product?.stop());
  beforeEach(async () => {
    await openForm(product);
  });
  afterEach(async () => {
    product.sandbox.acumatica.clearFaults();
    expect(await product.database.db('connections')).to.deep.equal([]);
    await product.sandbox.slack.closeView(admin, modalNow(product, admin)?.id ?? '');
  });

  const send = (typed: Record<string, string>) =>
    submit(product, admin, { name: 'wrong', ...credentialsOf(product), ...typed });

  for (const [what, { typed, fields, words }] of Object.entries(cases)) {
    it(`because of ${what}: said at ${fields.join(' and ')}`, async () => {
      const { said } = await send(await typed(product));
      expect(Object.keys(said).sort()).to.deep.equal(fields);
      for (const text of Object.values(said)) expect(text).to.match(words);
    });
  }

  it('because its certificate is not trusted: said at the address', async () => {
    const tls = { key: await pem('server.key'), cert: await pem('server.pem') };
    const server = await startHttps(tls, (_, response) => response.end());
    const { said } = await send({ 'credentials.site': `${server.url}/ERP` });
    await server.close();
    expect(said['credentials.site']).to.match(/certificate of localhost:\d+ is not trusted/);
  });

  it('because another site answers there: said at the address', async () => {
    for (const status of [200, 302, 403]) {
      const server = await startHttp((_, response) => {
        response.writeHead(status, { location: 'https://elsewhere.example/' }).end('<html>Welcome</html>');
      });
      const { said } = await send({ 'credentials.site': server.url });
      await server.close();
      expect(Object.keys(said), String(status)).to.deep.equal(['credentials.site']);
    }
  });

  it('because of something that no field has to do with: said on top, and nothing typed is lost', async () => {
    product.sandbox.acumatica.setFault({ kind: '429-login-limit', match: { path: '/Bill' } });
    expect((await send({})).said).to.deep.equal({});
    const again = await modal(product, admin, ({ text }) => text.includes('no free API session'));
    expect(saidBelow(again, 'credentials.password')).to.equal('');
    product.sandbox.acumatica.clearFaults();
    product.sandbox.acumatica.setFault({ kind: '403', match: { path: '/entity/Default' } });
    // The secrets are taken as they were typed.
    expect(Object.keys((await submit(product, admin, {})).said)).to.deep.equal(['credentials.username']);
  });

  it('leaves no session of the ERP behind', async () => {
    const opened = () => product.sandbox.acumatica.counters.sessions;
    const before = opened().opened;
    await send({ 'credentials.username': 'warehouse', 'credentials.password': 'sandbox-warehouse' });
    expect(opened().opened).to.be.greaterThan(before);
    await waitUntil(() => opened().open === 0, { what: 'the session is given back' });
  });
});
