import express, { type Request, Router } from 'express';
import { formBody, queryOf } from './answer.ts';
import { currentSession } from './authenticate.ts';
import type { AcumaticaSite } from './index.ts';

const tenantOfClient = (clientId: string | null) => clientId?.split('@')[1] ?? null;

function basicUser(request: Request): string | null {
  const [scheme, encoded = ''] = (request.get('authorization') ?? '').split(' ');
  if (scheme?.toLowerCase() !== 'basic') return null;
  return decodeURIComponent(Buffer.from(encoded, 'base64').toString('utf8').split(':')[0] ?? '');
}

/** The tenant of a sign-in by cookie: as JSON or as a form, by its new or its old name. */
function tenantOfLogin(request: Request): string | null {
  const form = formBody(request);
  if (request.is('application/x-www-form-urlencoded')) return form.get('tenant') ?? form.get('company');
  try {
    const { tenant, company } = JSON.parse(String(request.body)) as Record<string, unknown>;
    const named = tenant ?? company;
    return typeof named === 'string' ? named : null;
  } catch {
    return null;
  }
}

/** The tenant that the request itself names; null where only its session tells. */
function namedTenant(request: Request): string | null {
  const [, first = '', second = ''] = request.path.split('/');
  if (first === 't') return decodeURIComponent(second);
  if (first === 'Main') return queryOf(request).get('CompanyID');
  if (request.path === '/entity/auth/login') return tenantOfLogin(request);
  if (request.path === '/identity/connect/token')
    return tenantOfClient(basicUser(request) ?? formBody(request).get('client_id'));
  if (request.path === '/identity/connect/authorize')
    return tenantOfClient((request.method === 'POST' ? formBody(request) : queryOf(request)).get('client_id'));
  return null;
}

/** Whether a session or token of the request is one of this tenant. */
function knows({ parts }: AcumaticaSite, request: Request): boolean {
  const bearer = /^Bearer (.+)$/i.exec(request.get('authorization') ?? '')?.[1];
  return bearer === undefined
    ? currentSession(request, parts) !== undefined
    : parts.grants.access(bearer) !== undefined;
}

/**
 * Several tenants of one site, at one address: each with its own documents, users' sessions, tokens and connected
 * application, all with the seats of the first one's licence. What names no tenant is answered by the first.
 */
export function tenantsRouter(tenants: readonly [AcumaticaSite, ...AcumaticaSite[]]): Router {
  const router = Router();
  const [first] = tenants;
  for (const { parts } of tenants) {
    const others = tenants.filter((tenant) => tenant.parts !== parts);
    parts.sessions.elsewhere = () => others.reduce((sum, tenant) => sum + tenant.parts.sessions.count(), 0);
  }
  router.use(express.raw({ type: () => true, limit: '64mb' }));
  router.use((request, response, next) => {
    const named = namedTenant(request)?.toLowerCase();
    const tenant =
      named === undefined
        ? tenants.find((each) => knows(each, request))
        : tenants.find(({ parts }) => parts.settings.tenant.toLowerCase() === named);
    (tenant ?? first).router(request, response, next);
  });
  return router;
}
