import { Router } from 'express';
import { queryOf } from './answer.ts';
import type { DocumentRecord } from './document.ts';
import { ErpError, notServed } from './erp-error.ts';
import type { Parts } from './parts.ts';
import type { Session } from './sessions.ts';
import { findUserNamed } from './users.ts';

/** A row of the inquiry, by the captions of its columns. */
interface ApprovalRow {
  ApprovalID: number;
  RefNoteID: string;
  StepID: string;
  ApproverID: string | null;
  ApproverName: string | null;
  Workgroup: string | null;
  Status: 'Pending' | 'Approved' | 'Rejected';
  ApprovedByID: string | null;
  ApprovedByName: string | null;
  ApproveDate: string | null;
}

const guidTest = /^RefNoteID eq ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;

/** `RefNoteID eq …`, joined by `or`: no more of OData v4 is simulated. */
function wantedIds(filter: string | null): ReadonlySet<string> | null {
  if (filter === null) return null;
  const ids = filter.split(' or ').map((test) => guidTest.exec(test.trim())?.[1]?.toLowerCase());
  if (ids.some((id) => id === undefined))
    throw new ErpError(400, { error: { code: '', message: `The query specified in the URI is not valid: ${filter}` } });
  return new Set(ids as string[]);
}

/** Generic inquiries over OData v4, `/t/{tenant}/api/odata/gi/{name}`: the one over the approvals of waiting documents. */
export function inquiryRoutes(parts: Parts): Router {
  const router = Router({ mergeParams: true });
  const { settings, forms, people, path } = parts;
  const numbers = new Map<string, number>();

  function numberOf(key: string): number {
    const known = numbers.get(key) ?? numbers.size + 1;
    numbers.set(key, known);
    return known;
  }

  function employeeOf(username: string | undefined) {
    const user = username === undefined ? undefined : findUserNamed(username);
    const employee = people.employees().find(({ email }) => email !== null && email === user?.email);
    return { code: employee?.code ?? null, name: employee?.name ?? user?.name ?? username ?? null };
  }

  function rowsOf(document: DocumentRecord): ApprovalRow[] {
    if (document.status !== 'Pending Approval') return [];
    const reached = settings.approvalRows === 'all' ? document.steps.length : document.decisions.length + 1;
    return document.steps.slice(0, reached).map((assignee, index) => {
      const decision = document.decisions[index];
      const approver = employeeOf(assignee);
      const by = decision ? employeeOf(decision.by) : { code: null, name: null };
      return {
        ApprovalID: numberOf(`${document.id} ${index}`),
        RefNoteID: document.id,
        StepID: `5e000000-0000-4000-8000-00000000000${index + 1}`,
        ApproverID: approver.code,
        ApproverName: approver.name,
        Workgroup: null,
        Status: decision ? (decision.action === 'approved' ? 'Approved' : 'Rejected') : 'Pending',
        ApprovedByID: by.code,
        ApprovedByName: by.name,
        ApproveDate: decision ? new Date(decision.at).toISOString() : null,
      };
    });
  }

  router.get('/t/:tenant/api/odata/gi/:name', (request, response) => {
    const { name } = request.params;
    const known = settings.approvalsInquiry;
    if (request.params.tenant.toLowerCase() !== settings.tenant.toLowerCase() || known === null || name !== known)
      throw notServed(request.originalUrl, settings.notFoundBody);
    if ((response.locals.session as Session).user.role === 'no access to documents')
      throw new ErpError(403, { message: 'You have insufficient rights to access the object (GI000099).' });
    const query = queryOf(request);
    const ids = wantedIds(query.get('$filter'));
    const rows = forms
      .flatMap((form) => form.all())
      .flatMap((document) => (ids === null || ids.has(document.id) ? rowsOf(document) : []));
    const top = query.get('$top');
    const context = `${parts.baseUrl()}${path}/t/${settings.tenant}/api/odata/gi/$metadata#${known}`;
    response.json({ '@odata.context': context, value: top === null ? rows : rows.slice(0, Number(top)) });
  });
  return router;
}
