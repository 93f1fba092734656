import { randomUUID } from 'node:crypto';

export type FormPart = { name: string; value: string | Buffer; fileName?: string };

/** A multipart/form-data body as a browser would send it. */
export function form(parts: readonly FormPart[]) {
  const boundary = `----${randomUUID()}`;
  const chunks = parts.flatMap(({ name, value, fileName }) => [
    Buffer.from(
      `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${fileName === undefined ? '' : `; filename="${fileName}"\r\nContent-Type: text/csv`}\r\n\r\n`,
    ),
    Buffer.from(value),
    Buffer.from('\r\n'),
  ]);
  const body = Buffer.concat([...chunks, Buffer.from(`--${boundary}--\r\n`)]);
  return { body, headers: { 'content-type': `multipart/form-data; boundary=${boundary}` } };
}
