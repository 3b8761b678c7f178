/** AsyncAPI 3 and OpenAPI 3 as this view reads them; what is not as expected is left out. */

import { field, textIn } from '../../format.ts';

export type DocField = { readonly name: string; readonly type: string; readonly about: string };
export type Channel = {
  /** Its name in the document; several channels may have one address. */
  readonly id: string;
  readonly address: string;
  readonly kind: string;
  readonly description: string;
  readonly fields: readonly DocField[];
};

export function channelsOf(document: unknown): readonly Channel[] {
  return Object.entries(objectIn(field(document, 'channels'))).map(([id, channel]) => {
    const [message] = Object.values(objectIn(field(channel, 'messages')));
    const payload = resolved(document, field(resolved(document, message), 'payload'));
    return {
      id,
      address: textIn(field(channel, 'address')) ?? '',
      kind: textIn(field(channel, 'x-kind')) ?? '',
      description: textIn(field(channel, 'description')) ?? '',
      fields: fieldsOf(document, payload),
    };
  });
}

export type Operation = {
  readonly method: string;
  readonly path: string;
  readonly summary: string;
  readonly description: string;
  readonly parameters: readonly { readonly name: string; readonly place: string; readonly about: string }[];
  readonly answers: readonly (readonly [code: string, about: string])[];
};

const methods = ['get', 'post', 'put', 'delete'];

export function operationsOf(document: unknown): readonly Operation[] {
  return Object.entries(objectIn(field(document, 'paths'))).flatMap(([path, item]) =>
    Object.entries(objectIn(item))
      .filter(([method]) => methods.includes(method))
      .map(([method, operation]) => ({
        method: method.toUpperCase(),
        path,
        summary: textIn(field(operation, 'summary')) ?? '',
        description: textIn(field(operation, 'description')) ?? '',
        parameters: listIn(field(operation, 'parameters')).map((each) => {
          const parameter = resolved(document, each);
          return {
            name: textIn(field(parameter, 'name')) ?? '',
            place: textIn(field(parameter, 'in')) ?? '',
            about: textIn(field(parameter, 'description')) ?? '',
          };
        }),
        answers: Object.entries(objectIn(field(operation, 'responses'))).map(
          ([code, answer]) => [code, textIn(field(resolved(document, answer), 'description')) ?? ''] as const,
        ),
      })),
  );
}

function fieldsOf(document: unknown, payload: unknown): readonly DocField[] {
  const properties = Object.entries(objectIn(field(payload, 'properties')));
  if (properties.length === 0) return [{ name: '(value)', type: typeOf(payload), about: '' }];
  return properties.map(([name, given]) => {
    const schema = resolved(document, given);
    const unit = textIn(field(schema, 'x-unit')) ?? textIn(field(schema, 'unit'));
    const about = textIn(field(schema, 'description')) ?? '';
    return { name, type: typeOf(schema), about: unit === undefined ? about : `${about} [${unit}]`.trim() };
  });
}

function typeOf(schema: unknown): string {
  const values = listIn(field(schema, 'enum'));
  if (values.length > 0) return values.map((value) => JSON.stringify(value)).join(' | ');
  const choices = [...listIn(field(schema, 'anyOf')), ...listIn(field(schema, 'oneOf'))];
  if (choices.length > 0) return choices.map(typeOf).join(' | ');
  const type = field(schema, 'type');
  if (Array.isArray(type)) return type.join(' | ');
  if (type === 'array') return `${typeOf(field(schema, 'items'))}[]`;
  return textIn(type) ?? 'any';
}

/** Through one local reference: `#/components/schemas/Quote`. */
function resolved(document: unknown, value: unknown): unknown {
  const reference = textIn(field(value, '$ref'));
  if (reference === undefined || !reference.startsWith('#/')) return value;
  const steps = reference.slice(2).split('/').map(decodeStep);
  return steps.reduce<unknown>((inner, step) => field(inner, step), document);
}

/** RFC 6901. */
function decodeStep(step: string): string {
  return step.replaceAll('~1', '/').replaceAll('~0', '~');
}

function objectIn(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function listIn(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
