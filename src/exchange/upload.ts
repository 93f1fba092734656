/** A multipart upload: the file goes straight to the file store, and what is left is a small body like any other. */
import type { FastifyRequest } from 'fastify';
import { problem as platformProblem } from '../platform/errors.ts';
import type { FileStore, StoredContent } from '../platform/file-store.ts';
import { parseJsonBody } from '../platform/http/json-body.ts';
import { problem } from './errors.ts';

export const UPLOAD_BYTES_MAX = 256 * 1024 * 1024;
const FIELD_BYTES_MAX = 64 * 1024;

export const UPLOAD_LIMITS = {
  fileSize: UPLOAD_BYTES_MAX,
  fieldSize: FIELD_BYTES_MAX,
  fieldNameSize: 100,
  files: 1,
  fields: 10,
  parts: 11,
} as const;

export type Upload = { readonly content: StoredContent; readonly name: string; readonly mediaType: string };

const uploads = new WeakMap<FastifyRequest, Upload>();

/** What `receiveUpload` stored for this request. */
export function uploadOf(request: FastifyRequest): Upload {
  const upload = uploads.get(request);
  if (upload === undefined) throw platformProblem('REQUEST_INVALID', { where: 'body/file', reason: 'is not a file' });
  return upload;
}

/**
 * Before validation: makes `request.body` of the parts, the file standing as the SHA-256 of its content, so that
 * validation and the fingerprint of the idempotency key see all of it. `options` is read as JSON.
 * Throws MEDIA_TYPE_UNSUPPORTED, REQUEST_INVALID, BODY_NOT_JSON, BODY_TOO_LARGE, FILE_TOO_LARGE.
 */
export async function receiveUpload(request: FastifyRequest, files: FileStore): Promise<void> {
  if (!request.isMultipart()) throw platformProblem('MEDIA_TYPE_UNSUPPORTED');
  const body: Record<string, unknown> = Object.create(null);
  try {
    for await (const part of request.parts()) {
      if (part.fieldname in body) throw invalid(part.fieldname, 'appears twice');
      if (part.type === 'field') {
        if (part.valueTruncated || part.fieldnameTruncated) throw platformProblem('BODY_TOO_LARGE');
        const text = String(part.value);
        body[part.fieldname] = part.fieldname === 'options' ? parseJsonBody(Buffer.from(text)) : text;
        continue;
      }
      const content = await files.put(part.file);
      if (part.file.truncated) throw problem('FILE_TOO_LARGE', { fileName: part.filename, bytesMax: UPLOAD_BYTES_MAX });
      uploads.set(request, { content, name: part.filename, mediaType: part.mimetype });
      body[part.fieldname] = content.sha256;
    }
  } catch (error) {
    throw isMalformedUpload(error) ? invalid('', (error as Error).message) : error;
  }
  request.body = { ...body };
}

function invalid(field: string, reason: string) {
  return platformProblem('REQUEST_INVALID', { where: `body/${field}`, reason });
}

/** The parser throws bare errors for a body that breaks off or is no multipart; the file system's have a code. */
function isMalformedUpload(error: unknown): boolean {
  return error instanceof Error && error.constructor === Error && !('code' in error) && !('statusCode' in error);
}
