import { createElement, type ReactNode } from 'react';

/** Any Block Kit object: the simulator has already checked it, so the page reads it leniently. */
export type Kit = Record<string, unknown>;

export interface Named {
  id: string;
  name: string;
  /** `person`, `bot`, `public`, `private` or `im`. */
  kind?: string | undefined;
}

/** What the drawing needs to know about the workspace and the person who looks. */
export interface DrawContext {
  users: Named[];
  channels: Named[];
  /** IANA zone of the viewer's device: Slack draws `<!date…>` in it. */
  timeZone?: string;
}

export interface ElementProps {
  element: Kit;
  blockId: string;
  context: DrawContext;
  /** Id of the field, so that a label can point at it. */
  fieldId?: string;
}

export const h = createElement;

export function asKit(value: unknown): Kit {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Kit) : {};
}

export function asList(value: unknown): Kit[] {
  return Array.isArray(value) ? value.map(asKit) : [];
}

export function asText(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

/** The bare words of a text object, for attributes and native controls, which take no markup. */
export function plain(text: unknown): string {
  return asText(asKit(text).text);
}

/** React wants keys on lists; blocks never move within one drawing, so their place will do. */
export function keyed(nodes: ReactNode[]): ReactNode[] {
  return nodes.map((node, index) => h('span', { key: index, className: 'contents' }, node));
}
