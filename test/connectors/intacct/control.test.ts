import { expect } from 'chai';
import type { DocumentKind } from '../../../app/domain/document.ts';
import type { ControlRow, ErpConnection } from '../../../connectors/connector.ts';
import { Company } from './company.ts';

const { signal } = new AbortController();

describe('connectors intacct: the control list', () => {
  let company: Company;
  beforeEach(async () => {
    company = await Company.start();
  });
  afterEach(() => company.close());

  async function list(
    connection: ErpConnection = company.connect(),
    kind: DocumentKind = 'bill',
    since: string | null = null,
  ): Promise<ControlRow[]> {
    const rows: ControlRow[] = [];
    for await (const page of connection.control?.(kind, since, signal) ?? []) rows.push(...page);
    return rows;
  }
  const keys = (rows: ControlRow[]) => rows.map(({ key }) => Number(key));

  it('costs one call for two thousand, whatever the page size', async () => {
    for (let count = 0; count < 2_100; count += 1) company.site.maker.bill({ state: 'S', quiet: true });
    const connection = company.connect({ page_size: 2, private_entities: 'read' });
    await connection.test(signal);
    company.spent.length = 0;
    expect(new Set(keys(await list(connection))).size).to.equal(2_100);
    expect(company.spent).to.deep.equal([1, 1]);
  });

  it('misses nothing of what is deleted and added while it is read, nor what carries no stamp', async () => {
    company.site.changeSettings({ whenModified: 'null' });
    const [one, two] = [company.site.maker.bill({ state: 'S' }), company.site.maker.bill({ state: 'S' })];
    company.site.hand.remove('APBILL', one.RECORDNO);
    const rows = await list();
    expect(keys(rows)).to.deep.equal([two.RECORDNO]);
    expect(rows[0]?.modifiedAt).to.equal(null);
  });

  it('reaches as far back as is asked, and at least as far as a first reading', async () => {
    const old = company.site.maker.bill({ state: 'S' });
    const stamp = new Date(company.now()).toISOString();
    company.pass(3 * 24 * 60);
    const young = company.site.maker.bill({ state: 'S' });
    const connection = company.connect({ read_from_days: 1 });
    expect(keys(await list(connection))).to.deep.equal([young.RECORDNO]);
    expect(keys(await list(connection, 'bill', stamp))).to.deep.equal([old.RECORDNO, young.RECORDNO]);
    expect(keys(await list(connection, 'bill', new Date(company.now()).toISOString()))).to.deep.equal([young.RECORDNO]);
  });
});
