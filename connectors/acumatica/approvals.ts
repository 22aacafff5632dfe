import { z } from 'zod';
import type { Approval, ErpDocument, ErpName } from '../../app/domain/document.ts';
import { PermanentError, ReconnectError } from '../../app/domain/errors.ts';
import { cleanText } from '../../app/domain/text.ts';
import type { Words } from '../shared/words.ts';
import { readProblem } from './answers.ts';
import type { Send } from './calls.ts';
import type { AcumaticaCredentials } from './credentials.ts';
import { readError, readJson } from './errors.ts';
import { unexpected } from './fields.ts';

/** With more waiting documents than this their ids make the address too long: then all rows of the inquiry are asked for. */
const idsPerRequest = 20;
const guid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** What the inquiry is called in messages. */
const what = 'the inquiry over approvals';
const columns = [
  ...['ApprovalID', 'RefNoteID', 'StepID', 'ApproverID', 'ApproverName', 'Workgroup', 'Status'],
  ...['ApprovedByID', 'ApprovedByName', 'ApproveDate'],
];

const text = z
  .union([z.string(), z.number()])
  .nullish()
  .transform((value) => (value === null || value === undefined ? null : cleanText(String(value)).trim() || null));

const rowSchema = z.object({
  ApprovalID: z.coerce.number().int(),
  RefNoteID: z.string().regex(guid),
  StepID: text,
  ApproverID: text,
  ApproverName: text,
  Workgroup: text,
  Status: text,
  ApprovedByID: text,
  ApprovedByName: text,
  ApproveDate: text,
});
type Row = z.infer<typeof rowSchema>;
const answerSchema = z.object({ value: z.array(z.unknown()) });

/** A label or the code behind it: an inquiry gives either. */
function statusOf(status: string | null): Approval['status'] {
  if (/^(A|Approved)$/i.test(status ?? '')) return 'approved';
  return /^(R|Rejected)$/i.test(status ?? '') ? 'rejected' : 'pending';
}

const nameOf = (code: string | null, name: string | null): ErpName | null =>
  code === null && name === null ? null : { code: code ?? name ?? '', name };

function instantOf(value: string | null): string | null {
  if (value === null) return null;
  const at = Date.parse(/(Z|[+-]\d{2}:?\d{2})$/.test(value) ? value : `${value}Z`);
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}

/** The rows of one document as its approvals. A step's id tells no order, but rows are numbered as steps are reached. */
export function toApprovals(rows: readonly Row[]): Approval[] {
  const inOrder = [...new Map(rows.map((row) => [row.ApprovalID, row])).values()].sort(
    (a, b) => a.ApprovalID - b.ApprovalID,
  );
  const steps = [...new Set(inOrder.map(({ StepID, ApprovalID }) => StepID ?? String(ApprovalID)))];
  return inOrder.map((row) => {
    const status = statusOf(row.Status);
    return {
      step: steps.indexOf(row.StepID ?? String(row.ApprovalID)) + 1,
      approver: nameOf(row.ApproverID, row.ApproverName),
      workgroup: row.Workgroup,
      status,
      decidedBy: status === 'pending' ? null : nameOf(row.ApprovedByID, row.ApprovedByName),
      decidedAt: status === 'pending' ? null : instantOf(row.ApproveDate),
    };
  });
}

/** Reads who has to approve waiting documents, where a generic inquiry tells. */
export interface Approvals {
  /** Adds to each waiting document its approvals; all of them are asked for in one request. */
  addTo(documents: ErpDocument[], signal: AbortSignal): Promise<ErpDocument[]>;
  /** Throws ReconnectError naming what is wrong with the inquiry. */
  test(signal: AbortSignal): Promise<void>;
  /** What kept the last documents without their approvals, in words; null: nothing. */
  problem(): string | null;
}

export function createApprovals(credentials: AcumaticaCredentials, send: Send, words: Words): Approvals {
  const { tenant, approvals_inquiry: inquiry } = credentials;
  let problem: string | null = null;

  /** OData v4 over an inquiry: `/t/{tenant}/api/odata/gi/{name}`, the same bearer token, GUIDs without quotes. */
  async function readRows(query: string, signal: AbortSignal): Promise<Row[]> {
    const path = `/t/${encodeURIComponent(tenant)}/api/odata/gi/${encodeURIComponent(inquiry ?? '')}?${query}`;
    const response = await send({ method: 'GET', path, signal });
    const refusal = readProblem(response, words);
    if (refusal?.kind === 'missing')
      throw new ReconnectError(
        `Acumatica exposes no inquiry "${inquiry}" by OData in the tenant ${tenant}: check its name and “Expose via OData”.`,
        { field: 'approvals_inquiry', scope: 'kind' },
      );
    if (refusal?.kind === 'rights')
      throw new ReconnectError(`The Acumatica user may not read the inquiry "${inquiry}".`, {
        field: 'approvals_inquiry',
        scope: 'kind',
      });
    if (refusal) throw readError(refusal, what);
    const answer = answerSchema.safeParse(readJson(response, what));
    if (!answer.success) throw unexpected(`${what} without rows`);
    return answer.data.value.map((row) => {
      const parsed = rowSchema.safeParse(row);
      if (parsed.success) return parsed.data;
      const column = String(parsed.error.issues[0]?.path[0] ?? 'RefNoteID');
      throw new ReconnectError(
        `The inquiry "${inquiry}" has no usable column ${column}; docs/acumatica-approvals.md lists what it needs.`,
        { field: 'approvals_inquiry', scope: 'kind' },
      );
    });
  }

  async function rowsOf(ids: string[], signal: AbortSignal): Promise<Row[]> {
    const select = `$select=${columns.join(',')}`;
    if (ids.length > idsPerRequest) return readRows(select, signal);
    const filter = ids.map((id) => `RefNoteID eq ${id}`).join(' or ');
    return readRows(`${select}&$filter=${encodeURIComponent(filter)}`, signal);
  }

  return {
    problem: () => problem,
    async test(signal) {
      if (inquiry !== undefined) await readRows(`$select=${columns.join(',')}&$top=1`, signal);
    },
    async addTo(documents, signal) {
      const waiting = documents.filter(({ phase, erpId }) => phase === 'waiting' && guid.test(erpId ?? ''));
      if (inquiry === undefined || waiting.length === 0) return documents;
      let rows: Row[];
      try {
        const ids = waiting.map(({ erpId }) => erpId ?? '');
        rows = await rowsOf(ids, signal);
        problem = null;
      } catch (error) {
        // Who is next is worth a line on a card, and not a feed: it goes on without.
        const isForPeople = error instanceof ReconnectError && error.field === 'approvals_inquiry';
        if (!isForPeople && !(error instanceof PermanentError)) throw error;
        problem = error.message;
        return documents;
      }
      const byDocument = Map.groupBy(rows, ({ RefNoteID }) => RefNoteID.toLowerCase());
      return documents.map((document) =>
        waiting.includes(document)
          ? { ...document, approvals: toApprovals(byDocument.get(document.erpId?.toLowerCase() ?? '') ?? []) }
          : document,
      );
    },
  };
}
