import { type Request, type RequestHandler, type Response, Router } from 'express';
import { actionRoutes } from './action-routes.ts';
import { jsonBody, queryOf, sendText } from './answer.ts';
import { noRights } from './erp-error.ts';
import { fileRoutes } from './file-routes.ts';
import type { Form } from './form.ts';
import type { Parts } from './parts.ts';
import { contactRecord, employeeRecord } from './people-records.ts';
import { type Rows, readRoutes } from './read-routes.ts';
import type { RecordType } from './record-type.ts';
import { swagger } from './schema.ts';
import type { Session } from './sessions.ts';
import { customerRecord, vendorRecord } from './vendor-record.ts';

const patchSince = '25.200.001';

/** The path segments after the entity, with keys also taken as `Bill|000871`. */
function keysOf(params: Record<string, string | string[]>): string[] {
  return [params.keys ?? []].flat().flatMap((segment) => segment.split('|'));
}

/** Archived records come only to those who ask for them by this header. */
const showsArchived = (request: Request) => request.get('px-apiarchive')?.toUpperCase() === 'SHOW';

/** The entities of one version of the Default endpoint; the session is in `response.locals`. */
export function recordRouter(parts: Parts, version: string): Router {
  const router = Router();
  const { vendors, customers, people, settings, forms, path } = parts;
  const base = `${path}/entity/Default/${version}`;

  router.get('/swagger.json', (_request, response) => {
    const declared = forms.map(({ entity, declared: actions }) => ({ entity, actions: Object.keys(actions) }));
    const types = [
      ...forms.map((form) => form.describe()),
      vendorRecord,
      customerRecord,
      employeeRecord,
      contactRecord,
    ];
    response.json(swagger(version, base, types, declared));
  });
  for (const form of forms) router.use(`/${form.entity}`, formRouter(parts, form, version, base));

  const serve = <R>(type: RecordType<R>, rows: Rows<R>) => router.use(readRoutes(type, rows, settings, base));
  serve(vendorRecord, { all: () => vendors.all(), byKey: (key) => vendors.get(key) });
  serve(customerRecord, { all: () => customers.all(), byKey: (key) => customers.get(key) });
  serve(employeeRecord, { all: () => people.employees(), byKey: (key) => people.employee(key) });
  serve(contactRecord, { all: () => people.contacts(), byKey: (key) => people.contact(key) });

  router.use(fileRoutes(parts, base));
  return router;
}

/** One form's entity: its list, its records, its actions. */
function formRouter(parts: Parts, form: Form, version: string, base: string): Router {
  const router = Router();
  const { settings, operations } = parts;
  const linkBase = () => (settings.links ? base : null);
  const sessionOf = (response: Response) => response.locals.session as Session;

  router.use((_request, response, next) => {
    const { role } = sessionOf(response).user;
    if (role === 'no access to documents' || settings.closedScreens.includes(form.screen)) {
      throw noRights(form.screen, settings.forbiddenBody);
    }
    next();
  });
  router.use(actionRoutes(parts, form, base));
  router.use((_request, response, next) => {
    operations.checkFree(sessionOf(response), form.screen);
    next();
  });

  router.get('/$adHocSchema', (_request, response) => {
    response.json(form.schema());
  });
  router.get('/', (request, response) => {
    sendText(response, form.listText(queryOf(request), linkBase(), showsArchived(request)));
  });
  router.get('/*keys', (request, response) => {
    sendText(
      response,
      form.text(form.at(keysOf(request.params), showsArchived(request)), queryOf(request), linkBase()),
    );
  });

  const upsert = (onlyUpdate: boolean): RequestHandler => {
    return (request, response) => {
      const query = queryOf(request);
      const found = form.put(jsonBody(request), query.get('$filter'), {
        onlyInsert: request.get('if-none-match') === '*',
        onlyUpdate: onlyUpdate || request.get('if-match') === '*',
        missingStatus: onlyUpdate ? 404 : 412,
        by: sessionOf(response).user.username,
      });
      sendText(response, form.text(found, query, linkBase()));
    };
  };
  router.put('/', upsert(false));
  if (version >= patchSince) router.patch('/', upsert(true));
  return router;
}
