import { FunctionFailed, refusal } from '../errors.ts';
import { actOnPayment, decideBill, type PaymentAction } from '../workflow/approvals.ts';
import { child, children, textOf } from '../xml/read.ts';
import { element, leaf } from '../xml/write.ts';
import type { Call, GatewayFunction } from './call.ts';

function handOf({ session }: Call) {
  return { userId: session.user.userId, source: 'api' as const };
}

function paymentAt({ reader }: Call, key: string, undone: string) {
  const payment = reader.ledger.get('APPYMT', Number(key));
  if (!payment) throw refusal(`Payment request ${key} does not exist.`, undone);
  return payment;
}

/** `approve_appaymentrequest` and its like: several keys, no comment, as the session's own user. */
function paymentFunction(action: PaymentAction): GatewayFunction {
  return {
    object: () => 'APPYMT',
    run(call) {
      const keys = children(child(call.element, 'appaymentkeys') ?? call.element, 'appaymentkey');
      if (keys.length === 0) {
        const description2 = "Element 'appaymentkeys': Missing child element(s). Expected is ( appaymentkey ).";
        throw new FunctionFailed([{ errorno: 'XL03000003', description2 }]);
      }
      for (const key of keys) {
        const payment = paymentAt(call, key.text.trim(), `Could not ${action} payment request!`);
        actOnPayment(call.parts, payment, action, handOf(call));
      }
      return { units: keys.length };
    },
  };
}

/** `approve` and `decline`, for bills where the company has them: in the schema, on no documentation page. */
function decisionFunction(action: 'approve' | 'decline'): GatewayFunction {
  return {
    object: (asked) => asked.children[0]?.name.toUpperCase(),
    run(call) {
      const { parts, element: asked } = call;
      const bill = child(asked, 'APBILL');
      const undone = `Could not ${action} the record!`;
      if (!bill || !parts.settings.billApprovals) {
        throw refusal(`The operation ${action} is not supported for ${asked.children[0]?.name ?? 'this'}.`, undone);
      }
      const key = textOf(bill, 'RECORDNO') ?? '';
      const row = parts.ledger.get('APBILL', Number(key));
      if (!row) throw refusal(`Bill ${key} does not exist.`, undone);
      decideBill(parts, row, action, textOf(bill, 'COMMENT') ?? '', handOf(call));
      const data = element('data', element('apbill', leaf('RECORDNO', key)), { listtype: 'objects', count: 1 });
      return { data };
    },
  };
}

export const paymentFunctions: Record<string, GatewayFunction> = {
  approve_appaymentrequest: paymentFunction('approve'),
  decline_appaymentrequest: paymentFunction('decline'),
  send_appaymentrequest: paymentFunction('send'),
  confirm_appaymentrequest: paymentFunction('confirm'),
  void_appaymentrequest: paymentFunction('void'),
  approve: decisionFunction('approve'),
  decline: decisionFunction('decline'),
};
