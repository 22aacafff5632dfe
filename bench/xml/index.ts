import { XMLParser } from 'fast-xml-parser';
import { rowsOf } from '../../connectors/intacct/fields.ts';
import { readBody } from '../../connectors/intacct/gateway/answer.ts';
import { atLeast, type Figure, median } from '../support/figures.ts';
import type { BenchServer } from '../support/postgres.ts';
import { pageOfBills } from './answer.ts';

const rows = 1_000;
const section = 'xml';

/** Pages of Intacct's gateway into rows, guarded and checked, beside what the parser alone makes of the same text. */
export async function measureXml(_server: BenchServer, quick: boolean): Promise<Figure[]> {
  const text = await pageOfBills(rows);
  const parser = new XMLParser({
    preserveOrder: true,
    ignoreAttributes: false,
    parseTagValue: false,
    processEntities: false,
  });
  const headers = { 'content-type': 'application/xml; charset=utf-8' };
  const response = { status: 200, url: 'https://gateway.example', headers, setCookies: [], text };
  const ours = () => {
    const body = readBody(response, 1);
    const [result] = body.place === 'results' ? body.results : [];
    if (!result || rowsOf(result, 'APBILL').length !== rows) throw new Error('The page does not hold what was asked.');
  };
  const alone = () => void parser.parse(text);
  const rounds = quick ? 10 : 40;
  const times: Record<'ours' | 'alone', number[]> = { ours: [], alone: [] };
  // In turns, so that whatever else the machine does meets both.
  for (let round = 0; round < rounds + 2; round += 1) {
    for (const [name, run] of [['ours', ours] as const, ['alone', alone] as const]) {
      const startedAt = performance.now();
      run();
      if (round >= 2) times[name].push(performance.now() - startedAt);
    }
  }
  const perSecond = (list: number[]) => rows / (median(list) / 1_000);
  const [read, parsed] = [perSecond(times.ours), perSecond(times.alone)];
  return [
    {
      section,
      name: `rows of a page of ${rows.toLocaleString('en')} bills read`,
      value: read,
      unit: 'rows/s',
      baseline: { name: 'the parser alone', value: parsed },
      aim: null,
    },
    {
      section,
      name: '… of the parser alone',
      value: read / parsed,
      unit: '',
      baseline: null,
      aim: atLeast(read / parsed, 0.5),
    },
    {
      section,
      name: 'megabytes of XML read',
      value: text.length / 1e6 / (median(times.ours) / 1_000),
      unit: 'MB/s',
      baseline: { name: 'the parser alone', value: text.length / 1e6 / (median(times.alone) / 1_000) },
      aim: null,
    },
  ] satisfies Figure[];
}
