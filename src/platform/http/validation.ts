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
const strict = new Ajv({ ...common, coerceTypes: false });
const coercing = new Ajv({ ...common, coerceTypes: true });

export const validatorCompiler: FastifySchemaCompiler<object> = ({ schema, httpPart }) => {
  const validate: ValidateFunction = (httpPart === 'body' ? strict : coercing).compile(schema);
  if (httpPart === 'body') return data => (validate(data) ? true : { error: validationError(validate) });
  // the JSON parser has looked at bodies; %00 and broken text come through an address
  return data => {
    const broken = Object.entries(data ?? {}).find(([, value]) => isBroken(value))?.[0];
    if (broken !== undefined) return { error: refusal(`/${broken}`, 'is not text') };
    return validate(data) ? true : { error: validationError(validate) };
  };
};

function isBroken(value: unknown): boolean {
  return typeof value === 'string' && (value.includes('\u0000') || !value.isWellFormed());
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
