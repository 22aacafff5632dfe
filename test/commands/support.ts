import { channels, type Product, people } from '../support/product.ts';
import { waitUntil } from '../support/wait.ts';

export interface Asked {
  /** What the answer in the end says. */
  text: string;
  /** Its blocks, as JSON. */
  blocks: string;
  /** How long the acknowledgement took. */
  ms: number;
  /** What the acknowledgement itself said. */
  first: string;
}

/** Types `/erp …` and waits for the answer, which only this person sees. */
export async function ask(
  product: Product,
  text: string,
  user: string = people.admin,
  channel: string = channels.approvals,
): Promise<Asked> {
  const { slack } = product.sandbox;
  const answers = () =>
    slack.messages(channel).filter((message) => message.ephemeralTo === user && message.botId !== undefined);
  const before = answers().length;
  const { acked, ms, answer } = await slack.command({ user, channel, command: '/erp', text });
  if (!acked)
    throw new Error(`/erp ${text} was not acknowledged; the log says:\n${product.logLines.slice(-10).join('')}`);
  const first: string = JSON.parse(answer).text;
  const wanted = before + (first === 'Looking …' ? 2 : 1);
  const all = await waitUntil(() => (answers().length >= wanted ? answers() : undefined), {
    what: () => `the answer to /erp ${text}; the log says:\n${product.logLines.slice(-10).join('')}`,
  });
  const last = all.at(-1);
  return { text: last?.text ?? '', blocks: JSON.stringify(last?.blocks), ms, first };
}

/** Waits until no reading is under way, so that the next one sees what the case adds. */
export async function readingIsDone(product: Product): Promise<void> {
  const { db } = product.database;
  await waitUntil(
    async () => !(await db('feeds').whereNull('last_read_at').orWhereNotNull('lease_owner').first('id')),
    {
      what: 'the reading under way ends',
    },
  );
}
