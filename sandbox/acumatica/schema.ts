import { customType } from './record-text.ts';
import type { FieldType, RecordType } from './record-type.ts';
import type { Settings } from './settings.ts';

const kinds: Record<FieldType, string> = {
  string: 'StringValue',
  decimal: 'DecimalValue',
  datetime: 'DateTimeValue',
  boolean: 'BooleanValue',
  int: 'IntValue',
};
const reason = { custom: { ReasonApproveRejectParams: { Reason: { type: 'CustomStringField' } } } };

export interface FormSchema {
  custom: Record<string, unknown>;
  _workflowActions?: Record<string, { parameters: unknown }>[] | Record<string, { parameters: unknown }>;
}

/** `$adHocSchema` of a form: the fields outside the contract, and the actions of the site's workflow. */
export function formSchema(
  customs: Readonly<Record<string, FieldType>>,
  { actionNames: names, workflowActions }: Pick<Settings, 'actionNames' | 'workflowActions'>,
): FormSchema & Record<string, unknown> {
  const text = { type: 'CustomStringField' };
  const views: Record<string, Record<string, unknown>> = {};
  for (const [name, type] of Object.entries(customs)) {
    const [view = '', field = ''] = name.split('.');
    views[view] = { ...views[view], [field]: { type: customType(type) } };
  }
  const listed = [
    { [names.approve]: { parameters: reason } },
    { [names.reject]: { parameters: reason } },
    { [names.hold]: { parameters: {} } },
    { [names.releaseFromHold]: { parameters: {} } },
  ];
  const named: Record<string, { parameters: unknown }> = Object.assign({}, ...listed);
  return {
    id: '00000000-0000-0000-0000-000000000000',
    rowNumber: 0,
    note: { value: '' },
    custom: { ...views, ReasonApproveRejectParams: { Reason: text } },
    ...(workflowActions === 'absent' ? {} : { _workflowActions: workflowActions === 'array' ? listed : named }),
  };
}

/** A small but true `swagger.json` in the form of 24.200. */
export function swagger(
  version: string,
  base: string,
  types: readonly Pick<RecordType<never>, 'name' | 'fields' | 'details'>[],
  declared: readonly { entity: string; actions: readonly string[] }[],
) {
  const ok = { responses: { 200: { description: 'OK' } } };
  const done = { responses: { 202: { description: 'Accepted' }, 204: { description: 'No Content' } } };
  const paths = types.flatMap(({ name }) => [
    [`/${name}`, { get: { operationId: `${name}_GetList`, ...ok }, put: { operationId: `${name}_PutEntity`, ...ok } }],
    [`/${name}/{ids}`, { get: { operationId: `${name}_GetByKeys`, ...ok } }],
    [`/${name}/$adHocSchema`, { get: { operationId: `${name}_GetAdHocSchema`, ...ok } }],
  ]);
  const actions = declared.flatMap(({ entity, actions }) =>
    actions.map((name) => [`/${entity}/${name}`, { post: { operationId: `${entity}_${name}`, ...done } }]),
  );
  const schemas = types.map(({ name, fields, details }) => {
    const values = fields.map((known) => [known.name, { $ref: `#/components/schemas/${kinds[known.type]}` }]);
    const lists = Object.keys(details).map((detail) => [detail, { type: 'array', items: { type: 'object' } }]);
    return [name, { type: 'object', properties: Object.fromEntries([...values, ...lists]) }];
  });
  return {
    openapi: '3.0.1',
    info: { title: `Default/${version}`, version: '1' },
    servers: [{ url: base }],
    paths: Object.fromEntries([...paths, ...actions]),
    components: { schemas: Object.fromEntries(schemas) },
  };
}
