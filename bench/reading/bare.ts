import pg from 'pg';
import type { SiteDescription } from '../../sandbox/acumatica/index.ts';
import { fetchPages } from '../support/erp-pages.ts';
import { serve } from '../support/serve.ts';

interface Given {
  site: SiteDescription;
  url: string;
  pageSize: number;
  /** False: fetch and parse only. */
  insert: boolean;
}

/** The least that reading costs: fetch, parse, one insert a page into a plain table. */
serve({
  async read({ site, url, pageSize, insert }: Given) {
    const client = new pg.Client(url);
    await client.connect();
    await client.query('create table if not exists plain (key text, data jsonb)');
    const startedAt = performance.now();
    let documents = 0;
    for await (const page of fetchPages(site, pageSize)) {
      documents += page.length;
      if (!insert) continue;
      const keys = page.map((bill) => `${bill.Type.value}|${bill.ReferenceNbr.value}`);
      const data = page.map((bill) => JSON.stringify(bill));
      await client.query('insert into plain select * from unnest($1::text[], $2::jsonb[])', [keys, data]);
    }
    const ms = performance.now() - startedAt;
    await client.end();
    return { documents, ms };
  },
});
