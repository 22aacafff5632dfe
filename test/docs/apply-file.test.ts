import { expect } from 'chai';
import { readApplyFile } from '../../app/connections/apply/file.ts';
import { documentKinds } from '../../app/domain/document.ts';
import { acumatica } from '../../connectors/acumatica/index.ts';
import { connectors } from '../../connectors/index.ts';
import { intacct } from '../../connectors/intacct/index.ts';
import { blocksOf, type DocumentationPage, readPages } from './pages.ts';

const env = {
  ...{ ACUMATICA_CLIENT_ID: 'GUID@Company', ACUMATICA_CLIENT_SECRET: 'secret', ACUMATICA_PASSWORD: 'password' },
  ...{ INTACCT_SENDER_ID: 'sender', INTACCT_SENDER_PASSWORD: 'secret', INTACCT_PASSWORD: 'password' },
  ...{ ACUMATICA_ACCOUNTS_ID: 'OTHER@Company', ACUMATICA_ACCOUNTS_SECRET: 'other' },
};

describe('the apply files in the documentation', () => {
  let pages: DocumentationPage[];
  before(async () => {
    pages = await readPages();
  });
  const page = (path: string): DocumentationPage => {
    const found = pages.find((each) => each.path === path);
    if (!found) throw new Error(`There is no ${path}`);
    return found;
  };

  for (const path of ['README.md', 'docs/connections.md']) {
    it(`are understood as they stand in ${path}`, () => {
      const [sample] = blocksOf(page(path), 'yaml');
      const { connections } = readApplyFile(sample ?? '', env, connectors);
      expect(connections[0]?.routes).to.not.have.length(0);
    });
  }

  it('explain every credential of Acumatica, and its preset', () => {
    const { text } = page('docs/connections.md');
    for (const field of Object.keys(acumatica.credentials.shape)) expect(text).to.contain(`\`${field}\``);
    const presets = acumatica.credentials.parse({
      ...{ site: 'https://erp.example.com', tenant: 'Company', client_id: 'a', client_secret: 'b' },
      ...{ username: 'c', password: 'd' },
    });
    expect(text).to.contain(`in one request, 2 to 2000; ${presets.page_size} unless given`);
    expect(text).to.contain(`first read starts; ${presets.read_from_days} unless given`);
    expect(text).to.contain(`\`${presets.endpoint}\` unless given`);
  });

  it('set up Sage Intacct too, and explain its credentials and their presets', () => {
    const { text } = page('docs/connections.md');
    const sample = blocksOf(page('docs/connections.md'), 'yaml').find((block) => block.includes('intacct'));
    const [connection] = readApplyFile(sample ?? '', env, connectors).connections;
    expect(connection?.routes.map(({ act_as }) => act_as)).to.deep.equal(['person']);
    for (const field of Object.keys(intacct.credentials.shape)) expect(text).to.contain(`\`${field}\``);
    const needed = { sender_id: 'a', sender_password: 'b', company_id: 'c', user_id: 'd', password: 'e' };
    const presets = intacct.credentials.parse(needed);
    expect(text).to.contain(`in one request, 2 to 1000; ${presets.page_size} unless given`);
    expect(text).to.contain(`\`${presets.gateway}\` unless given`);
    expect(text).to.contain(`requests at once; ${presets.parallel_requests} unless given`);
    expect(text).to.contain(`\`${presets.private_entities}\` unless given`);
    expect(text).to.contain(`\`${presets.bill_decisions}\` unless given`);
  });

  it('name only fields that exist', () => {
    const { text } = page('docs/connections.md');
    const sample = blocksOf(page('docs/connections.md'), 'yaml').join('\n');
    const fields = [...text.matchAll(/^\| (`[a-z_]+`(?:, `[a-z_]+`)*) \|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`([a-z_]+)`/g)].map(([, field]) => field ?? ''),
    );
    const known = new Set([...sample.matchAll(/\b([a-z_]+):/g)].map(([, field]) => field));
    for (const field of [acumatica, intacct].flatMap(({ credentials }) => Object.keys(credentials.shape)))
      known.add(field);
    for (const field of documentKinds) known.add(field);
    expect(fields.filter((field) => !known.has(field) && field !== 'kind')).to.deep.equal([]);
  });
});
