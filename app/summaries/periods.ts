import type { Knex } from 'knex';
import type { Logger } from 'winston';
import type { ErpConnection } from '../../connectors/connector.ts';
import { periodsAround, type ReportingPeriod } from '../domain/periods.ts';
import { cleanText } from '../domain/text.ts';

const longestName = 200;
const today = () => new Date().toISOString().slice(0, 10);

/**
 * Asks the ERP for its periods and keeps those that are closed one after the other. What cannot be read now is read in an
 * hour; until then those that are known go on, and where there are none the calendar months.
 */
export async function refreshPeriods(
  { db, log }: { db: Knex; log: Logger },
  connection: { id: string; name: string },
  erp: ErpConnection,
  signal: AbortSignal,
): Promise<void> {
  const { id } = connection;
  try {
    const periods = erp.periods ? periodsAround(await erp.periods(signal), today()) : [];
    await db.transaction(async (trx) => {
      await trx('connections').where({ id }).forNoKeyUpdate().first('id');
      await trx('reporting_periods').where({ connection_id: id }).delete();
      if (periods.length > 0) await trx('reporting_periods').insert(periods.map((period) => toRow(id, period)));
      await trx('connections')
        .where({ id })
        .update({ periods_read_at: trx.raw('clock_timestamp()') });
    });
  } catch (error) {
    if (signal.aborted) throw error;
    const again = db.raw(`clock_timestamp() - interval '19 hours'`);
    await db('connections').where({ id }).update({ periods_read_at: again });
    const problem = error instanceof Error ? error.message : String(error);
    log.warn('reporting periods not read; those known before go on', { connection: connection.name, problem });
  }
}

function toRow(connectionId: string, { name, start, end }: ReportingPeriod) {
  return {
    connection_id: connectionId,
    name: cleanText(name).slice(0, longestName),
    starts_on: start,
    ends_on: end,
  };
}
