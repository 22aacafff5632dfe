import type { GatewayFunction } from './call.ts';
import { getAuditTrail, readEntityDetails, readUserFormatting } from './company.ts';
import { inspect, lookup } from './definitions.ts';
import { read, readByName, readByQuery, readMore } from './legacy.ts';
import { paymentFunctions } from './payments.ts';
import { query } from './query.ts';
import { getApiSession } from './session.ts';
import { update } from './update.ts';

/** What may stand in `<function>`, by the name of its element. */
export const functions: Record<string, GatewayFunction> = {
  getAPISession: getApiSession,
  query,
  readByQuery,
  readMore,
  read,
  readByName,
  lookup,
  inspect,
  readUserFormatting,
  readEntityDetails,
  getAuditTrail,
  update,
  ...paymentFunctions,
};
