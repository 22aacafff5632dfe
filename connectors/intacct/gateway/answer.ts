import type { ErpResponse } from '../../../app/outbound/http.ts';
import { child, children, readXml, textOf, type XmlElement, XmlProblem } from '../xml/read.ts';
import { controlIdOf } from './request.ts';

/** One `<error>`; every part may be empty or missing. */
export interface WireError {
  errorno: string | null;
  /** description, description2 and correction, as far as they say something. */
  text: string;
}

export interface FunctionResult {
  /** Only `success` is one: what was `aborted` was taken back with a sibling. */
  status: string;
  data: XmlElement | undefined;
  errors: WireError[];
}

/** What a body says, by where it says it: errors stand at three places. */
export type Body =
  | { place: 'control' | 'operation'; errors: WireError[] }
  | { place: 'results'; results: FunctionResult[]; sessionMs: number | null; endsAt: number | null };

/** The support id changes with every answer and says nothing to people. */
const supportId = /\[Support ID:[^\]]*\]?/gi;
/** People and the log are shown less than this; no complaint of the gateway comes near. */
const most = { errors: 50, number: 100, words: 4_000 };

function errorsOf(parent: XmlElement | undefined): WireError[] {
  const errors = children(child(parent, 'errormessage'), 'error').slice(0, most.errors);
  const shortly = (error: XmlElement, name: string, length: number) => textOf(error, name)?.slice(0, length) ?? null;
  return errors.map((error) => ({
    errorno: shortly(error, 'errorno', most.number),
    text: ['description', 'description2', 'correction']
      .map((name) => shortly(error, name, most.words)?.replace(supportId, '').replace(/\s+/g, ' ').trim() ?? '')
      .filter((text) => text !== '')
      .join(' '),
  }));
}

const instant = (text: string | null): number | null => {
  const at = text === null ? Number.NaN : Date.parse(text);
  return Number.isNaN(at) ? null : at;
};

function resultOf(element: XmlElement): FunctionResult {
  return { status: textOf(element, 'status') ?? '', data: child(element, 'data'), errors: errorsOf(element) };
}

/** Reads a body of the gateway. Throws XmlProblem for what is no such body, or holds not one result for each function. */
export function readBody(response: ErpResponse, functions: number): Body {
  if (response.malformed) throw new XmlProblem('unsafe', 'It is not valid UTF-8.');
  const charset = /charset\s*=\s*"?([\w-]+)/i.exec(response.headers['content-type'] ?? '')?.[1];
  if (charset !== undefined && !/^(utf-?8|us-ascii)$/i.test(charset))
    throw new XmlProblem('unsafe', `It is written in ${charset}.`);
  const root = readXml(response.text);
  if (root.name !== 'response') throw new XmlProblem('damaged', 'It is no answer of the gateway.');
  const control = child(root, 'control');
  if (textOf(control, 'status') !== 'success') return { place: 'control', errors: errorsOf(root) };
  const operation = child(root, 'operation');
  if (operation === undefined) return { place: 'control', errors: errorsOf(root) };
  const authentication = child(operation, 'authentication');
  if (textOf(authentication, 'status') !== 'success') return { place: 'operation', errors: errorsOf(operation) };
  const found = children(operation, 'result');
  const all = Array.from({ length: functions }, (_, index) =>
    found.find((result) => textOf(result, 'controlid') === controlIdOf(index)),
  );
  if (all.every((result) => result === undefined)) {
    const errors = errorsOf(operation);
    if (errors.length > 0) return { place: 'operation', errors };
  }
  const results = all.map((result) => {
    if (result === undefined) throw new XmlProblem('damaged', 'It holds no result for a function that was asked.');
    return resultOf(result);
  });
  const [since, until] = ['sessiontimestamp', 'sessiontimeout'].map((name) => instant(textOf(authentication, name)));
  const endsAt = until ?? null;
  return { place: 'results', results, endsAt, sessionMs: endsAt === null || !since ? null : endsAt - since };
}

/** The errors of a body that came with another HTTP status than 200, as far as it can be read. */
export function readShortFailure(response: ErpResponse): WireError[] {
  try {
    const root = readXml(response.text);
    return [...errorsOf(root), ...errorsOf(child(root, 'operation'))];
  } catch (error) {
    if (error instanceof XmlProblem) return [];
    throw error;
  }
}
