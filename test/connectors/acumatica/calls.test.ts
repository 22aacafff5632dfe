import { expect } from 'chai';
import type { ErpDocument } from '../../../app/domain/document.ts';
import type { ErpHttp, ErpRequest, ErpResponse } from '../../../app/outbound/http.ts';
import { acumatica } from '../../../connectors/acumatica/index.ts';
import { operationUrl } from '../../../connectors/acumatica/operations.ts';
import { errorOf } from '../../outbound/servers.ts';
import { createMemoryState } from '../memory-state.ts';
import { readAll, signal } from './support.ts';

describe('calls to Acumatica', () => {
  const entered = { site: 'https://erp.example', tenant: 'T', client_id: 'c', client_secret: 's', username: 'u' };
  const answer = (url: string, text: string) => ({ status: 200, headers: {}, setCookies: [], url, text });
  /** A site of a few lines, of which `more` answers what it wants to. */
  const connectTo = (more: (request: ErpRequest) => ErpResponse | null, changes = {}, now: () => number = Date.now) => {
    const http: ErpHttp = {
      async request(request) {
        const { url } = request;
        if (url.endsWith('/token')) return answer(url, '{"access_token":"t"}');
        return more(request) ?? answer(url, '[{"name":"Default","version":"24.200.001"}]');
      },
    };
    const credentials = acumatica.credentials.parse({ ...entered, password: 'p', ...changes });
    return acumatica.connect({ credentials, http, state: createMemoryState(), now });
  };

  it('name the branch to sign in to, and only where one is given', async () => {
    for (const branch of ['HQ', '']) {
      const branches = new Set<string | undefined>();
      const connection = connectTo(
        ({ headers = {} }) => {
          branches.add(headers['PX-CbApiBranch']);
          return null;
        },
        { branch },
      );
      await connection.test(signal);
      expect([...branches]).to.deep.equal([branch || undefined]);
    }
  });

  it('are unclear after a 401 that does not say that nothing was done', async () => {
    const connection = connectTo(({ url, method }) => (method === 'POST' ? { ...answer(url, ''), status: 401 } : null));
    const document = { kind: 'bill', type: 'Bill', reference: '1', key: 'Bill|1' } as ErpDocument;
    const acting = connection.act({ document, action: 'approve', reason: null }, signal);
    expect(await errorOf(acting)).to.include({ name: 'UnclearError' });
  });

  it('do not take for read what changed while a slow answer was made', async () => {
    let nowMs = Date.parse('2025-03-10T00:00:00Z');
    const connection = connectTo(
      ({ url }) => {
        if (!url.includes('/Bill?')) return null;
        nowMs += 10 * 60_000;
        return { ...answer(url, '[]'), headers: { date: new Date(nowMs).toUTCString() } };
      },
      {},
      () => nowMs,
    );
    expect((await readAll(connection))[0]?.cursor).to.deep.equal({ since: '2025-03-09T23:58:00.000Z' });
  });

  it('follow an operation on the site alone, since the token goes there', () => {
    const site = 'https://erp.example/ERP';
    const path = '/ERP/entity/Default/24.200.001/Bill/ReleaseBill/status/1';
    expect(operationUrl(path, site)).to.equal(`https://erp.example${path}`);
    expect(operationUrl(`https://elsewhere.example${path}`, site)).to.equal(null);
    expect(operationUrl(`http://erp.example${path}`, site)).to.equal(null);
    expect(operationUrl(undefined, site)).to.equal(null);
  });
});
