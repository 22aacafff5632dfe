import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Database } from '../../app/storage/database.ts';
import type { Keyring } from '../../app/storage/keyring.ts';
import { type Connector, defineConnector } from '../../connectors/connector.ts';

/** A workspace that has the app installed. */
export async function installed(db: Database, keyring: Keyring, slackKey = 'T0NORTHWIND'): Promise<string> {
  const id = randomUUID();
  const secret = keyring.encrypt(JSON.stringify({ bot: { token: 'xoxb-1' } }), `installations:${id}:secret`);
  await db('installations').insert({ id, slack_key: slackKey, team_id: slackKey, name: `Name of ${slackKey}`, secret });
  return id;
}

const ledger = defineConnector({
  id: 'ledger',
  title: 'Ledger',
  credentials: z.object({
    site: z.url().meta({ title: 'Site' }),
    pages: z.coerce.number().default(10).meta({ title: 'Pages' }),
    branch: z.string().optional().meta({ title: 'Branch' }),
    login: z.string().meta({ title: 'Login' }),
    password: z.string().min(4).meta({ title: 'Password', secret: true }),
    pin: z.string().optional().meta({ title: 'PIN', secret: true }),
  }),
  feeds: { bill: { title: 'Bills', cadence: '*/5 * * * *' } },
  hasCustomFields: true,
  connect: () => {
    throw new Error('not connected in these cases');
  },
});

export const connectors: Connector[] = [ledger];

/** An `apply` file with one connection, changed by the pairs of texts given. */
export function fileText(...changes: [string, string][]): string {
  return changes.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`The file has no ${from}`);
    return text.replace(from, () => to);
  }, file);
}

const file = `
connections:
  - name: treasury
    connector: ledger
    time_zone: Europe/London
    credentials:
      site: https://erp.example.com
      login: countersign
      password: \${LEDGER_PASSWORD}
    feeds:
      bill: { cadence: "*/1 * * * *" }
    routes:
      - name: large bills
        kind: bill
        when: { amount_at_least: 25000, amount_below: 1000000.50, currency: GBP, vendors: [REFINITIV] }
        channel: C0123
        deciders: [ { user: U1 }, { user: U2, up_to: 50000, currency: GBP } ]
        mentions: [U1]
      - name: all bills
        channel: C0456
        actions: [approve, hold]
        burst: 5
`;
