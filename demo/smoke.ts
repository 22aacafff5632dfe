import { setTimeout as sleep } from 'node:timers/promises';
import { type Demo, post } from './start.ts';

interface Message {
  ts: string;
  text: string;
  blocks?: unknown[];
  replyCount?: number;
}

interface Bill {
  ref: string;
  status: string;
}

const patienceMs = 30_000;

/**
 * The story without a person: two bills arrive in Acumatica, their cards in Slack; one is approved, one rejected, through
 * Slack alone; both ends show it. Returns the figures, or throws with what is missing.
 */
export async function smoke(
  demo: Demo,
  countsOf: () => Promise<Record<string, number>>,
): Promise<Record<string, unknown>> {
  const story = createStory(demo);
  const approved = await story.arrive('61250.00');
  const rejected = await story.arrive('48100.50');
  const approval = await story.decide(approved, 'decide_approve', 'Balanced');
  const rejection = await story.decide(rejected, 'decide_reject', 'Rejected', 'The price differs from the order');
  return {
    ...(await countsOf()),
    changeToCardMs: [approved.ms, rejected.ms],
    clickToAckMs: [approval.ackMs, rejection.ackMs],
    clickToErpMs: [approval.erpMs, rejection.erpMs],
    clickToClosedCardMs: [approval.closedMs, rejection.closedMs],
  };
}

function createStory({ sandbox }: Demo) {
  const channel = sandbox.slack.channels.find(({ name }) => name === 'ap-approvals')?.id ?? '';
  const user = sandbox.slack.users.find(({ realName }) => realName.includes('Finance Director'))?.id ?? '';
  const client = `${sandbox.url}/client`;
  const cardOf = async (ref: string) => {
    const messages = await get<Message[]>(`${client}/channels/${channel}/messages?user=${user}`);
    return messages.find((message) => message.text.includes(ref));
  };
  const bill = (ref: string) => get<Bill>(`${sandbox.url}/admin/acumatica/bills/${encodeURIComponent(ref)}`);

  return {
    async arrive(amount: string) {
      const began = performance.now();
      const { ref } = (await post(`${sandbox.url}/admin/acumatica/bills`, {
        amount,
        status: 'Pending Approval',
      })) as Bill;
      const card = await until(`a card for bill ${ref}`, () => cardOf(ref));
      return { ref, card, ms: since(began) };
    },

    async decide({ ref, card }: { ref: string; card: Message }, actionId: string, status: string, reason?: string) {
      const began = performance.now();
      const click = (await post(`${client}/actions`, { user, channel, message_ts: card.ts, action_id: actionId })) as {
        acked: boolean;
        ms: number;
      };
      if (!click.acked) throw new Error(`The click ${actionId} on bill ${ref} was not acknowledged.`);
      if (reason) await submitReason(ref, reason);
      await until(`bill ${ref} being ${status} in Acumatica`, async () => (await bill(ref)).status === status);
      const erpMs = since(began);
      const closed = await until(`the card of bill ${ref} being closed`, async () => {
        const now = await cardOf(ref);
        return now?.text.includes(status) && !JSON.stringify(now.blocks).includes('decide_') ? now : undefined;
      });
      const closedMs = since(began);
      await until(`the history in the thread of bill ${ref}`, async () => {
        const thread = await get<Message[]>(
          `${client}/channels/${channel}/messages?user=${user}&thread_ts=${closed.ts}`,
        );
        return thread.some((message) => message.ts !== closed.ts && message.text.includes(user));
      });
      return { ackMs: Math.round(click.ms * 10) / 10, erpMs, closedMs };
    },
  };

  async function submitReason(ref: string, reason: string): Promise<void> {
    const view = await until(`the form for the reason of bill ${ref}`, async () => {
      const views = await get<Array<{ id: string; view?: { id: string } }>>(`${client}/views?user=${user}`);
      return views[0];
    });
    const values = { reason: { reason_text: reason } };
    const sent = (await post(`${client}/views/${view.id}/submit`, { user, values })) as {
      acked: boolean;
      errors?: unknown;
    };
    if (!sent.acked || sent.errors)
      throw new Error(`The reason for bill ${ref} was not taken: ${JSON.stringify(sent)}`);
  }
}

const since = (began: number) => Math.round(performance.now() - began);

async function get<T>(url: string): Promise<T> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${new URL(url).pathname} answered ${response.status}.`);
  return (await response.json()) as T;
}

async function until<T>(what: string, condition: () => Promise<T | undefined | false>): Promise<T> {
  const end = performance.now() + patienceMs;
  while (performance.now() < end) {
    const value = await condition();
    if (value) return value;
    await sleep(25);
  }
  throw new Error(`Waited ${patienceMs / 1_000} s in vain for ${what}.`);
}
