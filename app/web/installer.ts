import type { HTTPReceiverOptions } from '@slack/bolt';
import type { Logger } from 'winston';
import { explainInstallFailure, renderFailurePage } from './install-failures.ts';
import { renderInstallPage } from './install-page.ts';
import { renderInstalledPage } from './installed-page.ts';
import { pageHeaders } from './page.ts';

type InstallerOptions = NonNullable<HTTPReceiverOptions['installerOptions']>;

/** The pages of the installation. What people read is in plain words; what happened exactly is in the log. */
export function installPages(
  log: Logger,
): Required<Pick<InstallerOptions, 'renderHtmlForInstallPath' | 'installPathOptions' | 'callbackOptions'>> {
  return {
    renderHtmlForInstallPath: renderInstallPage,
    installPathOptions: {
      async beforeRedirection(_request, response) {
        for (const [name, value] of Object.entries(pageHeaders)) response.setHeader(name, value);
        return true;
      },
    },
    callbackOptions: {
      success(installation, _options, _request, response) {
        log.info('installed', { team: installation.team?.id, enterprise: installation.enterprise?.id });
        response.writeHead(200, pageHeaders).end(renderInstalledPage(installation));
      },
      failure(error, _options, request, response) {
        const failure = explainInstallFailure(error, new URL(request.url ?? '/', 'http://localhost'));
        log.warn('not installed', { reason: failure.reason, error });
        response.writeHead(failure.status, pageHeaders).end(renderFailurePage(failure));
      },
    },
  };
}
