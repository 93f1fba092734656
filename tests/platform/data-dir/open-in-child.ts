/* Opens a DATA_DIR as a process of its own: `node open-in-child.ts <folder> <service|tool>`; releases on the first input. */
import { openDataDir } from '../../../src/platform/data-dir/index.ts';

const [folder = '', as = 'tool'] = process.argv.slice(2);
const say = (event: string, facts: object = {}) => process.stdout.write(`${JSON.stringify({ event, ...facts })}\n`);

try {
  const dataDir = await openDataDir({
    dataDir: folder,
    as: as === 'service' ? 'service' : 'tool',
    durable: false,
    log: text => say('log', { text }),
    onLost: () => say('lost'),
  });
  say('open', { adminUrl: dataDir.adminUrl, serverDir: dataDir.serverDir });
  await new Promise(done => process.stdin.once('data', done));
  await dataDir.release();
  say('released');
  process.exit(0);
} catch (error) {
  const { code, message } = error as { code?: string; message: string };
  say('refused', { code, message });
  process.exit(1);
}
