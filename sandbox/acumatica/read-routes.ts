import { type RequestHandler, Router } from 'express';
import { queryOf, sendText } from './answer.ts';
import { noEntity } from './erp-error.ts';
import { listText, shapeOf } from './query.ts';
import { recordText } from './record-text.ts';
import type { RecordType } from './record-type.ts';
import type { Settings } from './settings.ts';

const guid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** Where the rows of an entity with one key come from. */
export interface Rows<R> {
  all: () => readonly R[];
  byKey: (key: string) => R | undefined;
}

/** Reading of an entity that has one key: the list with all options, one by key, one by id. */
export function readRoutes<R>(type: RecordType<R>, rows: Rows<R>, settings: Settings, base: string): Router {
  const router = Router();
  const linkBase = () => (settings.links ? base : null);
  const list: RequestHandler = (request, response) => {
    sendText(response, listText(rows.all(), type, queryOf(request), settings, linkBase()));
  };
  const one: RequestHandler = (request, response) => {
    const key = String(request.params.key);
    const found = guid.test(key) ? rows.all().find((row) => type.id(row) === key.toLowerCase()) : rows.byKey(key);
    if (!found) throw noEntity(settings.missingRecordStatus);
    sendText(response, recordText(found, type, shapeOf(queryOf(request), type, linkBase()), 1));
  };
  router.get(`/${type.name}`, list);
  router.get(`/${type.name}/:key`, one);
  return router;
}
