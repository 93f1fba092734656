/**
 * A load of equal requests over a fixed number of kept-alive connections. A bare socket and no HTTP library: what the
 * client costs is taken from both sides alike and would only hide the difference between them.
 */
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export type Load = {
  readonly port: number;
  readonly connections: number;
  readonly seconds: number;
  /** Whole requests, taken in turn. */
  readonly requests: readonly Buffer[];
};

/** A POST as it goes over the wire. */
export function postRequest(path: string, body: unknown, headers: Readonly<Record<string, string>>): Buffer {
  const payload = Buffer.from(JSON.stringify(body));
  const head = Object.entries({ host: '127.0.0.1', 'content-type': 'application/json', ...headers });
  const lines = [`POST ${path} HTTP/1.1`, ...head.map(([name, value]) => `${name}: ${value}`)];
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\ncontent-length: ${payload.length}\r\n\r\n`), payload]);
}

/** Answers per second. Fails on any answer that is not 200. */
export async function answersPerSecond({ port, connections, seconds, requests }: Load): Promise<number> {
  const clients = await Promise.all(Array.from({ length: connections }, () => openClient(port)));
  let answers = 0;
  let stopping = false;
  let next = 0;
  const begin = performance.now();
  const work = clients.map(async client => {
    while (!stopping) {
      await client.send(requests[next++ % requests.length] as Buffer);
      answers += 1;
    }
  });
  await Promise.race([sleep(seconds * 1_000), Promise.all(work)]);
  const rate = answers / ((performance.now() - begin) / 1_000);
  stopping = true;
  await Promise.all(work);
  for (const client of clients) client.close();
  return rate;
}

/** One answer's body, for a look at what is compared. */
export async function oneAnswer(port: number, request: Buffer): Promise<string> {
  const client = await openClient(port);
  const answer = await client.send(request);
  client.close();
  return answer.toString();
}

type HttpClient = { send(request: Buffer): Promise<Buffer>; close(): void };

async function openClient(port: number): Promise<HttpClient> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  const answers = readAnswers(socket);
  return {
    send(request) {
      const answer = answers();
      socket.write(request);
      return answer;
    },
    close: () => socket.destroy(),
  };
}

/** Hands out one whole body per call; understands only answers with a content-length. */
function readAnswers(socket: Socket): () => Promise<Buffer> {
  let waiting: { resolve(body: Buffer): void; reject(error: Error): void } | null = null;
  let chunks: Buffer[] = [];
  let have = 0;
  let need = -1;
  let headLength = 0;
  const fail = (error: Error) => waiting?.reject(error);
  socket.on('error', fail);
  socket.on('close', () => fail(new Error('the server closed the connection')));
  socket.on('data', chunk => {
    chunks.push(chunk);
    have += chunk.length;
    if (need < 0) {
      const all = chunks.length === 1 ? chunk : Buffer.concat(chunks);
      const end = all.indexOf('\r\n\r\n');
      if (end < 0) return;
      const head = all.toString('latin1', 0, end);
      if (!head.startsWith('HTTP/1.1 200')) return fail(new Error(all.toString()));
      headLength = end + 4;
      need = headLength + Number(/content-length: (\d+)/i.exec(head)?.[1]);
    }
    if (have < need) return;
    const body = Buffer.concat(chunks).subarray(headLength);
    chunks = [];
    have = 0;
    need = -1;
    waiting?.resolve(body);
  });
  return () =>
    new Promise((resolve, reject) => {
      waiting = { resolve, reject };
    });
}
