import { expect } from 'chai';
import { applyChanges } from '../../app/connections/apply/apply.ts';
import { exportFile } from '../../app/connections/apply/export.ts';
import { ApplyFileError, readApplyFile } from '../../app/connections/apply/file.ts';
import { loadRoutes } from '../../app/connections/routes.ts';
import type { Connector } from '../../connectors/connector.ts';
import { type FreshDatabase, freshDatabase, testKeyring } from '../support/database.ts';
import { fileText, installed, connectors as known } from './fixtures.ts';

const connectors: Connector[] = known.map((connector) => ({
  ...connector,
  feeds: { ...connector.feeds, exception: { title: 'Exceptions', cadence: '*/5 * * * *', actions: [] } },
}));
const env = { LEDGER_PASSWORD: 'a secret word', TREASURY_PASSWORD: 'a secret word' };

describe('a file with routes of exceptions', () => {
  let fresh: FreshDatabase;
  before(async () => {
    fresh = await freshDatabase();
    await installed(fresh.db, testKeyring());
  });
  after(() => fresh.drop());

  const alerts = (more: string) => fileText(['channel: C0456', `channel: C0456\n        kind: exception\n${more}`]);
  const apply = (text: string) => applyChanges(fresh.db, testKeyring(), readApplyFile(text, env, connectors));
  function problemOf(text: string): string {
    try {
      readApplyFile(text, env, connectors);
      return '';
    } catch (error) {
      if (error instanceof ApplyFileError) return error.lines.join('\n');
      throw error;
    }
  }

  it('says which severities come and as what they are shown, and is written out again', async () => {
    await apply(alerts('        when: { severities: [critical, info] }\n        severity: warning'));
    const { id } = await fresh.db('connections').first('id');
    const [, route] = await loadRoutes(fresh.db, id);
    expect(route).to.deep.include({ severity: 'warning', conditions: { severities: ['critical', 'info'] } });
    const written = await exportFile(fresh.db, testKeyring(), connectors);
    expect(await apply(written)).to.deep.equal([]);
    expect(await apply(alerts('        when: { severities: [critical] }'))).to.deep.equal([
      'change route all bills of treasury: severities critical, info → critical',
      'change route all bills of treasury: severity warning → as_found',
    ]);
  });

  it('is refused where a severity is none, or is asked of other documents', () => {
    expect(problemOf(alerts('        severity: dire'))).to.contain('routes[1].severity');
    expect(problemOf(alerts('        when: { severities: [] }'))).to.contain('routes[1].when.severities');
    const ofBills = fileText(['burst: 5', 'burst: 5\n        severity: critical']);
    expect(problemOf(ofBills)).to.equal('connections[0].routes[1]: only exceptions have a severity');
  });
});
