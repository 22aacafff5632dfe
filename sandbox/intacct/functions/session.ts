import { entityById } from '../company.ts';
import { FunctionFailed } from '../errors.ts';
import { child } from '../xml/read.ts';
import { element, leaf } from '../xml/write.ts';
import type { GatewayFunction } from './call.ts';

const failed = (description2: string) => new FunctionFailed([{ errorno: 'Get API Session Failed', description2 }]);

/** The path that a session's calls go to. */
export const ownPath = '/na12/ia/xml/xmlgw.phtml';

/** `getAPISession`, with `<locationid>` for a session in an entity; empty, it leads back to the top level. */
export const getApiSession: GatewayFunction = {
  run({ parts, session, element: asked, siblings, url }) {
    if (siblings > 1) throw failed('getAPISession must be the only function in the request.');
    const location = child(asked, 'locationid');
    const locationId = location ? location.text.trim() : session.entityId;
    const entity = entityById(locationId);
    if (locationId !== '' && !entity) throw failed(`Invalid location ID ${locationId}.`);
    const { settings, sessions } = parts;
    const opened = sessions.open(session.user, entity?.recordNo ?? null, locationId);
    sessions.keep(opened);
    const own = `${parts.baseUrl()}${parts.path}${ownPath}`;
    const endpoint = settings.endpoint === 'own path' ? own : settings.endpoint === 'same' ? url : settings.endpoint;
    const api = leaf('sessionid', opened.id) + leaf('endpoint', endpoint) + leaf('locationid', locationId);
    return { data: element('data', element('api', api)) };
  },
};
