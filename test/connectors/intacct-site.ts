import express from 'express';
import { createIntacctSite, type IntacctSite, type SettingsChange } from '../../sandbox/intacct/index.ts';
import { cents } from '../../sandbox/intacct/ledger/amounts.ts';
import type { Row } from '../../sandbox/intacct/ledger/row.ts';
import { clerk } from '../../sandbox/intacct/seed/maker.ts';
import { addPayment } from '../../sandbox/intacct/workflow/payments.ts';
import { startHttp } from '../outbound/servers.ts';

export interface RunningIntacct {
  site: IntacctSite;
  /** What its service user enters to connect to it. */
  credentials: Record<string, unknown>;
  /** The body of every request, oldest first. */
  asked: string[];
  close(): Promise<void>;
}

/** A simulated company on a free port; its clock stands, so that only tests change what is in it. */
export async function startIntacct(
  options: { seedBills?: number; settings?: SettingsChange; now?: () => number } = {},
): Promise<RunningIntacct> {
  const app = express();
  const asked: string[] = [];
  app.use((request, _response, next) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => asked.push(body));
    next();
  });
  const server = await startHttp(app);
  const site = createIntacctSite({ baseUrl: () => server.url, path: '/intacct', seedBills: 12, ...options });
  app.use('/intacct', site.router);
  const { url, senderId, senderPassword, companyId, users } = site.describe();
  const user = users.find(({ role }) => role === 'service');
  return {
    site,
    credentials: {
      gateway: url,
      sender_id: senderId,
      sender_password: senderPassword,
      company_id: companyId,
      user_id: user?.userId,
      password: user?.password,
    },
    asked,
    async close() {
      site.stop();
      await server.close();
    },
  };
}

/** A payment of whole bills in that state (code of STATE); without bills, of a new posted one. */
export function payBills(site: IntacctSite, { state = 'S', method = 'ACH', bills = [] as Row[] } = {}): Row {
  const paid = bills.length > 0 ? bills : [site.maker.bill({ state: 'A' })];
  const shares = paid.map((bill) => ({ bill, cents: cents(bill.TRX_TOTALDUE) }));
  return addPayment(site.ledger, { bills: shares, method, state, day: site.maker.today(), docNumber: null }, clerk);
}
