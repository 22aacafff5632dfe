import { randomUUID } from 'node:crypto';
import { type RequestHandler, Router } from 'express';
import { actionRoutes } from './action-routes.ts';
import { jsonBody, queryOf, sendText } from './answer.ts';
import type { Bill, BillLine } from './bill.ts';
import { putBill } from './bill-put.ts';
import { billRecord } from './bill-record.ts';
import { ErpError, noEntity } from './erp-error.ts';
import { fileRoutes } from './file-routes.ts';
import { compileFilter } from './filter/compile.ts';
import type { Parts } from './parts.ts';
import { contactRecord, employeeRecord } from './people-records.ts';
import { listText, shapeOf } from './query.ts';
import { readRoutes } from './read-routes.ts';
import { recordText } from './record-text.ts';
import type { RecordType } from './record-type.ts';
import { billSchema, swagger } from './schema.ts';
import type { Session } from './sessions.ts';
import { vendorRecord } from './vendor-record.ts';

const patchSince = '25.200.001';

/** The path segments after the entity, with keys also taken as `Bill|000871`. */
function keysOf(params: Record<string, string | string[]>): string[] {
  return [params.keys ?? []].flat().flatMap((segment) => segment.split('|'));
}

/** The entities of one version of the Default endpoint; the session is in `response.locals`. */
export function recordRouter(parts: Parts, version: string): Router {
  const router = Router();
  const { bills, vendors, people, settings, operations, path } = parts;
  const base = `${path}/entity/Default/${version}`;
  const lineIdOf = (line: BillLine) => (settings.lineIds === 'stable' ? line.id : randomUUID());
  const billType = billRecord(lineIdOf, path);
  const linkBase = () => (settings.links ? base : null);
  const visible = (bill: Bill) => !settings.hiddenBranches.includes(bill.branch);

  const visibleBills = () => {
    const all = bills.inOrder(settings.order);
    return settings.hiddenBranches.length > 0 ? all.filter(visible) : all;
  };

  function billAt(keys: string[]): Bill {
    const [first = '', second] = keys;
    const bill = second === undefined ? bills.byId(first) : bills.byKey(first, second);
    if (!bill || !visible(bill)) throw noEntity(settings.missingRecordStatus);
    return bill;
  }

  function one<R>(row: R, type: RecordType<R>, query: URLSearchParams): string {
    return recordText(row, type, shapeOf(query, type, linkBase()), 1);
  }

  router.get('/swagger.json', (_request, response) => {
    response.json(swagger(version, base, [billType, vendorRecord, employeeRecord, contactRecord]));
  });

  router.use('/Bill', (_request, response, next) => {
    const session = response.locals.session as Session;
    if (session.user.role === 'no access to bills') {
      throw new ErpError(403, { message: 'You have insufficient rights to access the object (AP301000).' });
    }
    next();
  });
  router.use('/Bill', actionRoutes(parts, base));
  router.use('/Bill', (_request, response, next) => {
    operations.checkFree(response.locals.session as Session, billType.screen);
    next();
  });

  router.get('/Bill/$adHocSchema', (_request, response) => {
    response.json(billSchema(billType, settings.actionNames));
  });
  router.get('/Bill', (request, response) => {
    sendText(response, listText(visibleBills(), billType, queryOf(request), settings, linkBase()));
  });
  router.get('/Bill/*keys', (request, response) => {
    sendText(response, one(billAt(keysOf(request.params)), billType, queryOf(request)));
  });

  const upsert = (onlyUpdate: boolean): RequestHandler => {
    return (request, response) => {
      const query = queryOf(request);
      const filter = query.get('$filter');
      const found = putBill(parts, jsonBody(request), {
        byFilter: filter ? compileFilter(filter, billType, settings.otherViewFields) : null,
        onlyInsert: request.get('if-none-match') === '*',
        onlyUpdate: onlyUpdate || request.get('if-match') === '*',
        missingStatus: onlyUpdate ? 404 : 412,
        by: (response.locals.session as Session).user.username,
      });
      sendText(response, one(found, billType, query));
    };
  };
  router.put('/Bill', upsert(false));
  if (version >= patchSince) router.patch('/Bill', upsert(true));

  router.use(readRoutes(vendorRecord, { all: () => vendors.all(), byKey: (key) => vendors.get(key) }, settings, base));
  router.use(
    readRoutes(employeeRecord, { all: () => people.employees(), byKey: (key) => people.employee(key) }, settings, base),
  );
  router.use(
    readRoutes(contactRecord, { all: () => people.contacts(), byKey: (key) => people.contact(key) }, settings, base),
  );

  router.use(fileRoutes(parts, base));
  return router;
}
