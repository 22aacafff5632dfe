import { acumatica } from './acumatica/index.ts';
import type { Connector } from './connector.ts';
import { intacct } from './intacct/index.ts';

/** Every ERP that Countersign speaks. */
export const connectors: readonly Connector[] = [acumatica, intacct];

export function connectorById(id: string): Connector | undefined {
  return connectors.find((connector) => connector.id === id);
}
