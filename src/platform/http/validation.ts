/**
 * Two Ajv compilers: bodies strictly as written, query and path with text turned into numbers and booleans
 * (they have no other form). Neither fills defaults nor drops unknown fields.
 */
import { Ajv, type ValidateFunction } from 'ajv';
import type { FastifySchemaCompiler } from 'fastify';

const common = {
  removeAdditional: false,
  useDefaults: false,
  allErrors: false,
  strict: false,
  // 1e400 is no number
  strictNumbers: true,
  validateFormats: false,
} as const;
const PLAIN_NUMBER = /^-?(0|[1-9]\d{0,14})(\.\d{1,6})?$/;
const strict = new Ajv({ ...common, coerceTypes: false });
const coercing = new Ajv({ ...common, coerceTypes: true });

export const validatorCompiler: FastifySchemaCompiler<object> = ({ schema, httpPart }) => {
  const validate: ValidateFunction = (httpPart === 'body' ? strict : coercing).compile(schema);
  if (httpPart === 'body') return data => (validate(data) ? true : { error: validationError(validate) });
  const numeric = numericProperties(schema as ObjectSchema);
  return data => {
    const refused = refusedText((data ?? {}) as Record<string, unknown>, numeric);
    if (refused !== null) return { error: refused };
    return validate(data) ? true : { error: validationError(validate) };
  };
};

type ObjectSchema = { readonly properties?: Readonly<Record<string, { readonly type?: unknown }>> };

function numericProperties({ properties = {} }: ObjectSchema): ReadonlySet<string> {
  const numeric = Object.entries(properties).filter(([, { type }]) => type === 'integer' || type === 'number');
  return new Set(numeric.map(([name]) => name));
}

/** The JSON parser has looked at bodies; through an address come %00 and broken text, and Ajv takes 0x10 and 1e400 for numbers. */
function refusedText(data: Record<string, unknown>, numeric: ReadonlySet<string>): Error | null {
  for (const [name, value] of Object.entries(data)) {
    if (typeof value !== 'string') continue;
    if (value.includes('\u0000') || !value.isWellFormed()) return refusal(`/${name}`, 'is not text');
    if (numeric.has(name) && !PLAIN_NUMBER.test(value)) return refusal(`/${name}`, 'is not a plain number');
  }
  return null;
}

function validationError(validate: ValidateFunction): Error {
  const [first] = validate.errors ?? [];
  const extra = first?.params?.['additionalProperty'] ?? first?.params?.['missingProperty'];
  const where = `${first?.instancePath || '/'}`;
  const reason = `${first?.message ?? 'is not valid'}${typeof extra === 'string' ? ` (${extra})` : ''}`;
  return refusal(where, reason);
}

function refusal(where: string, reason: string): Error {
  return Object.assign(new Error(reason), { where, reason });
}
