import express, { type RequestHandler, Router } from 'express';
import { answerErrors, queryOf } from './answer.ts';
import { authenticate } from './authenticate.ts';
import { requestKind } from './counters.ts';
import { notServed } from './erp-error.ts';
import { inquiryRoutes } from './inquiry-routes.ts';
import { loginRouter } from './login.ts';
import { misbehave } from './misbehave.ts';
import { identityRouter } from './oauth/router.ts';
import type { Parts } from './parts.ts';
import { recordRouter } from './record-router.ts';

const build = '25.093.0036';

/** Signs the request in and lets it through as the licence allows. */
function admitted(parts: Parts): RequestHandler {
  return async (request, response, next) => {
    response.locals.session = authenticate(request, response, parts);
    const release = await parts.licence.admit();
    if (response.destroyed) {
      release();
      return;
    }
    response.once('close', release);
    next();
  };
}

/** Everything that the site serves, to be mounted at its path before any body parser. */
export function siteRouter(parts: Parts): Router {
  const router = Router();
  const { settings, path, counters } = parts;
  const versions = new Map<string, Router>();

  router.use((request, response, next) => {
    counters.count(requestKind(request.method, request.path));
    response.set('Date', new Date(parts.now()).toUTCString());
    next();
  });
  router.use(misbehave(parts.faults, path, settings));
  router.use(express.raw({ type: () => true, limit: '64mb' }));
  router.use('/identity', identityRouter(parts));

  router.get('/entity', (_request, response) => {
    const endpoints = [...settings.versions].reverse().map((version) => ({
      name: 'Default',
      version,
      href: `${path}/entity/Default/${version}/`,
    }));
    const version = { acumaticaBuildVersion: build, databaseVersion: build };
    response.json(settings.versionList === 'array' ? endpoints : { version, endpoints });
  });
  router.use('/entity/auth', loginRouter(parts));
  router.use('/entity', admitted(parts));
  router.use('/entity/:endpoint/:version', (request, response, next) => {
    const { endpoint, version } = request.params;
    if (endpoint.toLowerCase() !== 'default' || !settings.versions.includes(version)) {
      throw notServed(request.originalUrl, settings.notFoundBody);
    }
    const records = versions.get(version) ?? recordRouter(parts, version);
    versions.set(version, records);
    records(request, response, next);
  });

  router.use('/t', admitted(parts));
  router.use(inquiryRoutes(parts));

  router.get('/Main', (request, response) => {
    const query = queryOf(request);
    const form = parts.forms.find(({ screen }) => screen === query.get('ScreenId')) ?? parts.forms[0];
    const { type = '', reference = '', codes = null } = form?.address ?? {};
    const code = query.get(type) ?? '';
    const label = Object.entries(codes ?? {}).find(([, known]) => known === code)?.[0] ?? code;
    const wanted = new URLSearchParams({ form: form?.collection ?? '', ref: query.get(reference) ?? '' });
    if (label) wanted.set('type', label);
    response.redirect(302, `/acumatica?${wanted}`);
  });
  router.get('/ui/error', (_request, response) => {
    response.status(200).type('html').send('<!DOCTYPE html><html><body><h1>An error has occurred.</h1></body></html>');
  });
  router.use((request) => {
    throw notServed(request.originalUrl, settings.notFoundBody);
  });
  router.use(answerErrors);
  return router;
}
