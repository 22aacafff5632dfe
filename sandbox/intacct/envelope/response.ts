import { randomBytes } from 'node:crypto';
import { companyId, sender } from '../company.ts';
import type { WireError } from '../errors.ts';
import type { Session } from '../sessions.ts';
import type { Settings } from '../settings.ts';
import { document, element, leaf } from '../xml/write.ts';
import type { Control } from './request.ts';

export type ResultStatus = 'success' | 'failure' | 'aborted';

export interface Result {
  status: ResultStatus;
  name: string;
  controlId: string;
  data?: string | undefined;
  errors: WireError[];
}

/** How errors are worded for this request. */
export interface Wording {
  additional: boolean;
  settings: Settings;
}

function errorXml(error: WireError, { additional, settings }: Wording): string {
  const support = settings.supportId
    ? ` [Support ID: ${randomBytes(3).toString('hex')}%7E${randomBytes(8).toString('hex')}]`
    : '';
  const info = element(
    'additionalinfo',
    leaf('errorid', error.errorid ?? error.errorno) +
      leaf('category', 'error') +
      leaf('messageid', `IA.${(error.errorid ?? error.errorno).replace('-', '_')}`) +
      leaf('placeholders', ''),
  );
  return element(
    'error',
    // A denial of the audit history has no number at all.
    (error.errorno === '' ? '' : leaf('errorno', error.errorno)) +
      leaf('description', error.description) +
      leaf('description2', error.description2 + support) +
      leaf('correction', error.correction) +
      (additional ? info : ''),
  );
}

function errorMessage(errors: WireError[], wording: Wording): string {
  return element('errormessage', errors.map((error) => errorXml(error, wording)).join(''));
}

function controlXml(status: 'success' | 'failure', control: Control | undefined): string {
  if (!control) return element('control', leaf('status', status) + leaf('senderid', '') + leaf('controlid', ''));
  return element(
    'control',
    leaf('status', status) +
      leaf('senderid', control.senderId === sender.id ? sender.id : control.senderId) +
      leaf('controlid', control.controlId) +
      leaf('uniqueid', String(control.uniqueId)) +
      leaf('dtdversion', control.dtdVersion),
  );
}

function iso(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}+00:00`;
}

/** Refused as a whole: the errors stand directly in the response. */
export function controlFailure(control: Control | undefined, errors: WireError[], wording: Wording): string {
  return document(element('response', controlXml('failure', control) + errorMessage(errors, wording)));
}

/** Sign-in or session refused: the errors are a sibling of `authentication`, and there is no result. */
export function operationFailure(control: Control, userId: string, errors: WireError[], wording: Wording): string {
  const company = userId === '' ? '' : companyId;
  const authentication = leaf('status', 'failure') + leaf('userid', userId) + leaf('companyid', company);
  const operation = element('authentication', authentication) + errorMessage(errors, wording);
  return document(element('response', controlXml('success', control) + element('operation', operation)));
}

function resultXml({ status, name, controlId, data, errors }: Result, wording: Wording): string {
  return element(
    'result',
    leaf('status', status) +
      leaf('function', name) +
      leaf('controlid', controlId) +
      (data ?? '') +
      (errors.length > 0 ? errorMessage(errors, wording) : ''),
  );
}

/** Signed in: each function has a result of its own, in the order asked. */
export function operationSuccess(
  control: Control,
  session: Session,
  results: readonly Result[],
  now: number,
  wording: Wording,
): string {
  const { settings } = wording;
  const authentication =
    leaf('status', 'success') +
    leaf('userid', session.user.userId) +
    leaf('companyid', companyId) +
    (settings.locationIdShown ? leaf('locationid', session.entityId) : '') +
    leaf('sessiontimestamp', iso(now)) +
    (settings.sessionTimeoutShown ? leaf('sessiontimeout', iso(session.expiresAt)) : '');
  const parts = results.map((result) => resultXml(result, wording));
  const operation = element('authentication', authentication) + parts.join('');
  const text = document(element('response', controlXml('success', control) + element('operation', operation)));
  return control.includeWhitespace ? text.replaceAll('><', '>\n<') : text;
}
