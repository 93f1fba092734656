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
  validateFormats: false,
} as const;
const strict = new Ajv({ ...common, coerceTypes: false });
const coercing = new Ajv({ ...common, coerceTypes: true });

export const validatorCompiler: FastifySchemaCompiler<object> = ({ schema, httpPart }) => {
  const validate: ValidateFunction = (httpPart === 'body' ? strict : coercing).compile(schema);
  return data => (validate(data) ? true : { error: validationError(validate) });
};

function validationError(validate: ValidateFunction): Error {
  const [first] = validate.errors ?? [];
  const extra = first?.params?.['additionalProperty'] ?? first?.params?.['missingProperty'];
  const where = `${first?.instancePath || '/'}`;
  const reason = `${first?.message ?? 'is not valid'}${typeof extra === 'string' ? ` (${extra})` : ''}`;
  return Object.assign(new Error(reason), { where, reason });
}
