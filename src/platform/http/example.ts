/** An example of a schema, put together from the examples its parts carry: what the description shows is accepted. */

// biome-ignore lint/suspicious/noExplicitAny: any JSON schema
type Schema = Record<string, any>;

/** Required fields always, optional ones where they carry an example. Undefined where nothing is known. */
export function exampleOf(schema: Schema): unknown {
  if (Array.isArray(schema['examples']) && schema['examples'].length > 0) return schema['examples'][0];
  if (schema['example'] !== undefined) return schema['example'];
  if (schema['const'] !== undefined) return schema['const'];
  if (Array.isArray(schema['enum'])) return schema['enum'][0];
  const branch = (schema['anyOf'] ?? schema['oneOf'])?.find((part: Schema) => part['type'] !== 'null') as
    | Schema
    | undefined;
  if (branch !== undefined) return exampleOf(branch);
  switch (schema['type']) {
    case 'object':
      return exampleObject(schema);
    case 'array':
      return schema['items'] === undefined ? [] : [exampleOf(schema['items'])];
    case 'boolean':
      return true;
    case 'integer':
    case 'number':
      return schema['minimum'] ?? 1;
    case 'string':
      return 'x'.repeat(Math.max(1, schema['minLength'] ?? 1));
    default:
      return null;
  }
}

function exampleObject(schema: Schema): Schema {
  const required = new Set<string>(schema['required'] ?? []);
  const properties = Object.entries((schema['properties'] ?? {}) as Record<string, Schema>);
  const wanted = properties.filter(([name, part]) => required.has(name) || hasExample(part));
  // a change of nothing is refused: show one field where none is required
  const shown = wanted.length > 0 ? wanted : properties.slice(0, schema['minProperties'] ?? 0);
  return Object.fromEntries(shown.map(([name, part]) => [name, exampleOf(part)]));
}

function hasExample(schema: Schema): boolean {
  if (Array.isArray(schema['examples']) || schema['example'] !== undefined) return true;
  return ((schema['anyOf'] ?? []) as Schema[]).some(hasExample);
}
