import { App, HTTPReceiver, LogLevel } from '@slack/bolt';
import pg from 'pg';
import type { SiteDescription } from '../../sandbox/acumatica/index.ts';
import { fetchPages } from '../support/erp-pages.ts';
import { serve } from '../support/serve.ts';

/** A Bolt app that acknowledges and does nothing else; asked to, it reads the ERP in the same thread meanwhile. */
let wanted = false;
let reading = Promise.resolve();

serve({
  async start(signingSecret: string) {
    const receiver = new HTTPReceiver({ signingSecret, logLevel: LogLevel.ERROR });
    const app = new App({
      receiver,
      logLevel: LogLevel.ERROR,
      authorize: async () => ({ botToken: 'xoxb-bench', botId: 'B0BENCH', botUserId: 'U0BENCHBOT' }),
    });
    app.action(/.*/, async ({ ack }) => ack());
    const server = await receiver.start(0);
    const address = server.address();
    return typeof address === 'object' && address ? `http://127.0.0.1:${address.port}/slack/events` : '';
  },
  async startReading({ site, url, pageSize }: { site: SiteDescription; url: string; pageSize: number }) {
    const client = new pg.Client(url);
    await client.connect();
    await client.query('create table plain (key text, data jsonb)');
    wanted = true;
    reading = readAgainAndAgain(client, site, pageSize);
  },
  async stopReading() {
    wanted = false;
    await reading;
  },
});

async function readAgainAndAgain(client: pg.Client, site: SiteDescription, pageSize: number): Promise<void> {
  while (wanted) {
    for await (const page of fetchPages(site, pageSize)) {
      const keys = page.map((bill) => `${bill.Type.value}|${bill.ReferenceNbr.value}`);
      const data = page.map((bill) => JSON.stringify(bill));
      await client.query('insert into plain select * from unnest($1::text[], $2::jsonb[])', [keys, data]);
      if (!wanted) break;
    }
  }
  await client.end();
}
