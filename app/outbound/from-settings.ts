import type { Logger } from 'winston';
import type { Settings } from '../settings.ts';
import type { ErpHttpOptions } from './erp-http.ts';

/** The way out to ERPs as the settings have it, with each request in the log. */
export function erpHttpOptions(settings: Settings, log: Logger): ErpHttpOptions {
  return {
    allowHttpHosts: settings.erpAllowHttp,
    ...(settings.erpProxyUrl ? { proxyUrl: settings.erpProxyUrl } : {}),
    ...(settings.erpCaFile ? { caFile: settings.erpCaFile } : {}),
    longestMs: settings.erpTimeoutSeconds * 1_000,
    log: (entry) => log.debug('erp request', entry),
  };
}
