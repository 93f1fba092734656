/** One line a request, with stable dotted fields: the route and never the address, for addresses hold names and queries. */
import { type FastifyReply, type FastifyRequest, LogController } from 'fastify';

export class RequestLog extends LogController {
  override incomingRequest(): void {}

  override requestCompleted(error: Error | null | undefined, request: FastifyRequest, reply: FastifyReply): void {
    const line = {
      'http.method': request.method,
      'http.route': request.is404 ? null : request.routeOptions.url,
      'http.status': reply.statusCode,
      'http.duration_ms': Math.round(reply.elapsedTime * 1_000) / 1_000,
      'caller.kind': request.callerKind,
    };
    if (error) request.log.warn({ ...line, err: error }, 'request.broken');
    else request.log.info(line, 'request.done');
  }

  /** Our own handler logs what is unexpected. */
  override defaultErrorLog(): void {}

  override routeNotFound(): void {}

  override streamError(error: Error, request: FastifyRequest): void {
    const gone = (error as NodeJS.ErrnoException).code === 'ERR_STREAM_PREMATURE_CLOSE';
    request.log[gone ? 'info' : 'warn']({ err: error }, 'response.broken');
  }

  override writeHeadError(error: Error, request: FastifyRequest): void {
    request.log.warn({ err: error }, 'response.broken');
  }

  override serializerError(error: Error, request: FastifyRequest): void {
    request.log.error({ err: error }, 'response.not-serialised');
  }

  override serviceUnavailable(): void {}
}
