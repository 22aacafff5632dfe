import { z } from 'zod';
import { type ActionName, actionNames, documentKinds, severities } from '../../domain/document.ts';
import { actAsChoices, shownAsChoices } from '../../domain/routing.ts';
import { limitsMost, type RouteDraft } from '../../setup/route-draft.ts';
import {
  nameBlock,
  peopleBlock,
  type RouteMetadata,
  routeActions,
  routeInputs,
  routeMetadata,
  upToBlock,
} from './route-ids.ts';

const option = z.object({ value: z.string() });
const valueSchema = z.object({
  value: z.string().max(3_000).nullish(),
  selected_option: option.nullish(),
  selected_options: z.array(option).max(200).nullish(),
  selected_users: z
    .array(z.string().regex(/^[UW][A-Z0-9]+$/))
    .max(500)
    .nullish(),
  selected_user: z.string().nullish(),
  selected_conversation: z.string().nullish(),
});
const viewSchema = z.object({
  id: z.string(),
  hash: z.string().optional(),
  private_metadata: z.string().max(3_000),
  state: z.object({ values: z.record(z.string(), z.record(z.string(), valueSchema)) }).optional(),
});

/** The form as somebody filled it in so far. */
export interface FilledForm {
  viewId: string;
  hash: string | undefined;
  metadata: RouteMetadata;
  /** Which connection is chosen now. */
  connection: string | null;
  draft: RouteDraft;
  catchUp: boolean;
}

/** Undefined for what no form of this version can be. */
export function readRouteForm(view: unknown): FilledForm | undefined {
  const parsed = viewSchema.safeParse(view);
  if (!parsed.success) return undefined;
  const metadata = readMetadata(parsed.data.private_metadata);
  if (!metadata) return undefined;
  const values = parsed.data.state?.values ?? {};
  const at = (block: string, action: string) => values[block]?.[action];
  const input = (id: string) => at(id, id);
  const text = (id: string) => input(id)?.value ?? '';
  const chosen = (id: string) => (input(id)?.selected_options ?? []).map(({ value }) => value);
  const tiers = Array.from({ length: limitsMost }, (_, tier) => tier).filter((tier) => values[peopleBlock(tier)]);
  const kind = input(routeActions.kind)?.selected_option?.value ?? metadata.kind;
  return {
    viewId: parsed.data.id,
    hash: parsed.data.hash,
    metadata,
    connection: metadata.route
      ? metadata.connection
      : (input(routeActions.connection)?.selected_option?.value ?? metadata.connection),
    catchUp: chosen(routeInputs.catchUp).length > 0,
    draft: {
      name: at(nameBlock(metadata.naming), routeInputs.name)?.value ?? '',
      kind: documentKinds.find((each) => each === kind) ?? documentKinds[0],
      amountAtLeast: text(routeInputs.amountAtLeast),
      amountBelow: text(routeInputs.amountBelow),
      currency: text(routeInputs.currency),
      vendors: chosen(routeInputs.vendors),
      statuses: chosen(routeInputs.statuses),
      types: chosen(routeInputs.types),
      branches: chosen(routeInputs.branches),
      channel: input(routeInputs.channel)?.selected_conversation ?? null,
      person: input(routeInputs.person)?.selected_user ?? null,
      delivery: input(routeActions.delivery)?.selected_option?.value ?? 'cards',
      cadence: text(routeInputs.cadence),
      mentions: input(routeInputs.mentions)?.selected_users ?? [],
      limits: tiers.map((tier) => ({
        people: at(peopleBlock(tier), routeInputs.people)?.selected_users ?? [],
        upTo: at(upToBlock(tier), routeInputs.upTo)?.value ?? '',
      })),
      actions: chosen(routeInputs.actions).filter((name): name is ActionName =>
        actionNames.some((each) => each === name),
      ),
      burst: text(routeInputs.burst),
      actAs: actAsChoices.find((each) => each === input(routeInputs.actAs)?.selected_option?.value) ?? null,
      noteDecisions: chosen(routeInputs.noteDecisions).length > 0,
      severities: values[routeInputs.severities]
        ? severities.filter((each) => chosen(routeInputs.severities).includes(each))
        : [...severities],
      severity:
        shownAsChoices.find((each) => each === input(routeInputs.severity)?.selected_option?.value) ?? 'as_found',
      customFields: chosen(routeInputs.customFields),
    },
  };
}

function readMetadata(text: string): RouteMetadata | undefined {
  try {
    return routeMetadata.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
