import { z } from 'zod';
import { SlackError } from '../errors.ts';
import { isJson, type Json } from '../model.ts';
import { blockOf, type Surface } from './blocks.ts';
import { inconsistencies } from './consistency.ts';

const blockList = {
  message: z.array(blockOf.message).max(50),
  modal: z.array(blockOf.modal).max(100),
  home: z.array(blockOf.home).max(100),
};

function describeIssue(issue: z.core.$ZodIssue, received: unknown): string {
  switch (issue.code) {
    case 'too_big':
      return issue.origin === 'array'
        ? `no more than ${issue.maximum} items allowed`
        : `must be less than ${Number(issue.maximum) + 1} characters`;
    case 'too_small':
      return issue.origin === 'array'
        ? `no less than ${issue.minimum} items allowed`
        : `must be more than ${Number(issue.minimum) - 1} characters`;
    case 'unrecognized_keys':
      return `invalid additional property: ${issue.keys.join(', ')}`;
    case 'invalid_union':
      return `unsupported type: ${isJson(received) ? String(received.type) : String(received)}`;
    case 'invalid_type':
      return received === undefined
        ? `missing required field: ${String(issue.path.at(-1))}`
        : `must be a ${issue.expected}`;
    case 'invalid_value':
      return `must be one of the following: ${issue.values.join(', ')}`;
    default:
      return issue.message;
  }
}

function valueAt(root: unknown, path: PropertyKey[]): unknown {
  return path.reduce<unknown>((node, key) => (node as Record<PropertyKey, unknown> | undefined)?.[key], root);
}

/** The reasons in Slack's words, each with the JSON pointer to its place. */
export function describeIssues(error: z.ZodError, input: unknown, pointer: string): string[] {
  return error.issues.map((issue) => {
    const path = issue.code === 'invalid_union' && issue.path.at(-1) === 'type' ? issue.path.slice(0, -1) : issue.path;
    const place = [pointer, ...path.map(String)].join('/');
    return `${describeIssue(issue, valueAt(input, path))} [json-pointer:${place}]`;
  });
}

function duplicates(ids: unknown[]): string[] {
  const given = ids.filter((id): id is string => typeof id === 'string');
  return [...new Set(given.filter((id, index) => given.indexOf(id) !== index))];
}

function duplicateIds(blocks: Json[], pointer: string): string[] {
  const messages = duplicates(blocks.map((block) => block.block_id)).map(
    (id) => `block_id \`${id}\` already exists in the payload [json-pointer:${pointer}]`,
  );
  blocks.forEach((block, index) => {
    const elements = block.type === 'actions' && Array.isArray(block.elements) ? block.elements : [];
    for (const id of duplicates(elements.map((element: Json) => element.action_id))) {
      messages.push(`\`action_id\` "${id}" already exists for the block [json-pointer:${pointer}/${index}/elements]`);
    }
  });
  return messages;
}

/** What Slack would say against `blocks` on that surface; empty when it takes them. */
export function findBlockErrors(blocks: unknown, surface: Surface, pointer = '/blocks'): string[] {
  const parsed = blockList[surface].safeParse(blocks);
  if (!parsed.success) return describeIssues(parsed.error, blocks, pointer);
  return [...duplicateIds(blocks as Json[], pointer), ...inconsistencies(blocks as Json[], pointer)];
}

/** Refuses blocks of a message as the Web API does. `onlyOneTable`: the older rule that a message has one table. */
export function checkMessageBlocks(blocks: unknown, onlyOneTable: boolean): asserts blocks is Json[] {
  if (!Array.isArray(blocks)) throw new SlackError('invalid_blocks_format');
  const errors = findBlockErrors(blocks, 'message');
  if (errors.length > 0) {
    throw new SlackError('invalid_blocks', {
      errors,
      response_metadata: { messages: errors.map((error) => `[ERROR] ${error}`) },
    });
  }
  if (onlyOneTable && blocks.filter((block) => block.type === 'table').length > 1) {
    throw new SlackError('invalid_attachments', {
      errors: ['only_one_table_allowed'],
      response_metadata: { messages: ['[ERROR] only_one_table_allowed'] },
    });
  }
  const markdown = blocks.reduce((sum, block) => sum + (block.type === 'markdown' ? block.text.length : 0), 0);
  if (markdown > 12_000) throw new SlackError('msg_blocks_too_long');
}
