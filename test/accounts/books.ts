import { randomUUID } from 'node:crypto';
import type { DocumentKind } from '../../app/domain/document.ts';
import { install } from '../../demo/install.ts';
import { testKeyring } from '../support/database.ts';
import { onlyWhenAsked } from '../support/lanes.ts';
import { type Product, type ProductOptions, startProduct } from '../support/product.ts';

export interface BooksGiven {
  kinds?: DocumentKind[];
  /** Settings besides those of the simulated company. */
  settings?: Record<string, unknown>;
  timeZone?: string | undefined;
  product?: ProductOptions;
}

/** The whole product with one connection, to the simulated Intacct company; no routes yet. */
export async function startBooks({ kinds = ['bill'], settings = {}, timeZone, product: given = {} }: BooksGiven = {}) {
  const product = await startProduct({
    ...given,
    setUp: false,
    scenario: { slack: { limits: 'pace-only' }, intacct: { seedBills: 0 }, ...given.scenario },
    settings: { UPDATES_PER_MINUTE: '6000', POSTS_PER_MINUTE: '6000', ...given.settings },
  });
  await install(product.appUrl);
  product.connectionId = await connectBooks(product, { kinds, settings, timeZone });
  return product;
}

/** A connection to the simulated company, as its form would leave it. */
export async function connectBooks(
  { database: { db }, sandbox }: Product,
  { kinds = ['bill'], settings = {}, timeZone = 'UTC' }: Pick<BooksGiven, 'kinds' | 'settings' | 'timeZone'> = {},
): Promise<string> {
  const { url, senderId, senderPassword, companyId, users } = sandbox.intacct.describe();
  const service = users.find(({ role }) => role === 'service');
  const installation = await db('installations').first('id');
  const id = randomUUID();
  const secret = JSON.stringify({ sender_password: senderPassword, password: service?.password });
  await db('connections').insert({
    ...{ id, installation_id: installation.id, name: 'books', connector: 'intacct', time_zone: timeZone },
    settings: JSON.stringify({
      ...{ gateway: url, sender_id: senderId, company_id: companyId, user_id: service?.userId, read_from_days: 400 },
      ...settings,
    }),
    secret: testKeyring().encrypt(secret, `connections:${id}:secret`),
  });
  await db('people_runs')
    .insert({ connection_id: id, offered: false, matched_at: new Date('2100-01-01') })
    .onConflict('connection_id')
    .merge();
  await db('feeds').insert(kinds.map((kind) => ({ connection_id: id, kind, cadence: onlyWhenAsked })));
  await db.raw(`select pg_notify('countersign_schedule', '')`);
  return id;
}
