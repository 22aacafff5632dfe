import { expect } from 'chai';
import { createErpHttp } from '../../../app/outbound/erp-http.ts';
import type { Api } from '../../../connectors/acumatica/api.ts';
import { createCustomFields, labelOf } from '../../../connectors/acumatica/custom-fields.ts';
import { acumatica } from '../../../connectors/acumatica/index.ts';
import { kindNamed } from '../../../connectors/acumatica/kinds/index.ts';
import type { ErpConnection } from '../../../connectors/connector.ts';
import { createMemoryState } from '../memory-state.ts';
import { type Bench, documentsOf, openBench, readAll, signal } from './support.ts';

describe('custom fields of Acumatica', () => {
  let bench: Bench;
  const http = createErpHttp();
  beforeEach(async () => {
    bench = await openBench({ seedBills: 0 });
  });
  afterEach(() => bench.close());
  after(() => http.close());

  const asking = (names: string[], now = Date.now): ErpConnection =>
    acumatica.connect({
      credentials: acumatica.credentials.parse(bench.credentials),
      http,
      state: createMemoryState(),
      now,
      customFields: (kind) => (kind === 'bill' ? names : []),
    });
  const region = 'Document.AttributeREGION';
  const score = 'Document.UsrScore';

  it('reads what is asked for, in lists, singly and after an action; nothing is asked for otherwise', async () => {
    const { ref } = bench.site.addBill({ custom: { [region]: 'North', [score]: '12.5' } });
    const connection = asking([region, score, 'Document.UsrProject']);
    const expected = [
      { name: region, label: 'REGION', value: 'North' },
      { name: score, label: 'Score', value: '12.5' },
      { name: 'Document.UsrProject', label: 'Project', value: null },
    ];
    const [listed] = documentsOf(await readAll(connection));
    expect(listed?.custom).to.deep.equal(expected);
    const single = await connection.get('bill', `Bill|${ref}`, signal);
    expect(single?.custom).to.deep.equal(expected);
    if (!single) throw new Error('there is no bill');
    const outcome = await connection.act({ document: single, action: 'approve', reason: null }, signal);
    expect(outcome.document?.custom).to.deep.equal(expected);
    bench.asked.length = 0;
    const [plain] = documentsOf(await readAll(asking([])));
    expect(plain).to.not.have.property('custom');
    expect(bench.asked.join('\n')).to.not.contain('Usr');
  });

  it('tells which fields the form of a kind has, those that were added first, and no dialog', async () => {
    const offered = (await asking([]).customFields?.('bill', signal)) ?? [];
    expect(offered.map(({ name }) => name)).to.deep.equal([
      'Document.AttributeREGION',
      'Document.UsrProject',
      'Document.UsrRisk',
      'Document.UsrScore',
      'Document.CreatedByID',
      'Document.CuryOrigDiscAmt',
      'Document.DiscDate',
      'Document.LastModifiedByID',
    ]);
  });

  for (const unknownCustomField of ['error', 'left out'] as const) {
    it(`reads without a field that vanished, and says which, where the site answers it with: ${unknownCustomField}`, async () => {
      bench.site.changeSettings({ unknownCustomField });
      const { ref } = bench.site.addBill({ custom: { [region]: 'North' } });
      let at = Date.now();
      const connection = asking([region, 'Document.UsrGone'], () => at);
      const [page] = await readAll(connection);
      const [document] = page?.documents ?? [];
      expect(document?.custom).to.deep.equal([{ name: region, label: 'REGION', value: 'North' }]);
      const pages = await readAll(connection, page?.cursor ?? null);
      expect(pages.at(-1)?.unknownFields).to.deep.equal(['Document.UsrGone']);
      expect((await connection.get('bill', `Bill|${ref}`, signal))?.custom).to.have.length(1);
      // Once it is known, the site is not asked for it with every request.
      expect(bench.asked.filter((line) => line.includes('UsrGone')).length).to.be.lessThan(3);
      bench.site.changeSettings({ customFields: { Bill: { [region]: 'string', 'Document.UsrGone': 'string' } } });
      at += 31 * 60_000;
      expect((await connection.get('bill', `Bill|${ref}`, signal))?.custom).to.have.length(2);
    });
  }

  it('asks the site once in half an hour about a field that answers leave out where it is empty', async () => {
    let at = Date.now();
    let schemas = 0;
    const record = async () => {
      schemas += 1;
      return { custom: { Document: { UsrScore: { type: 'CustomDecimalField' } } } };
    };
    const context = { customFields: () => [score], now: () => at } as unknown as Parameters<
      typeof createCustomFields
    >[0];
    const fields = createCustomFields(context, kindNamed('bill'), { record } as unknown as Api);
    const read = () =>
      fields.read(
        signal,
        async (names) => names,
        () => [{ custom: {} }],
      );
    for (let page = 0; page < 3; page += 1) expect(await read()).to.deep.equal([score]);
    expect(schemas).to.equal(1);
    at += 31 * 60_000;
    await read();
    expect(schemas).to.equal(2);
  });

  it('tells an error that has nothing to do with the fields as what it is', async () => {
    bench.site.addBill();
    bench.site.setFault({ kind: '500-json', match: { path: '/Bill?' } });
    const error = await readAll(asking([region])).catch((thrown: Error) => thrown);
    expect(error).to.be.an('error').with.property('name', 'RetryableError');
  });

  it('makes labels of names, for the API tells none', () => {
    const labels = ['Document.UsrProjectCode', 'Document.AttributeAPPCOST', 'Document.Usr', 'X.Approved_byCFO'].map(
      labelOf,
    );
    expect(labels).to.deep.equal(['Project code', 'APPCOST', 'Usr', 'Approved by CFO']);
  });
});
