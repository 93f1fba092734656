// Installs what is missing before anything else runs. Plain JavaScript for any Node from 20 on (and old enough in its
// words to tell an older one so): it runs before the project's own Node is there. `--dev` wants the tools of the tests, too.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NODE_MAJOR_MIN = 20;
const POLL_MS = 200;
const TAKEOVER_MAX_MS = 10_000;

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');
const lockFolder = join(root, '.bootstrap.lock');
const windows = process.platform === 'win32';
const withDev = process.argv.includes('--dev');
const say = message => process.stderr.write(`${message}\n`);

if (Number(process.versions.node.split('.')[0]) < NODE_MAJOR_MIN) {
  say(`Partledger needs Node ${NODE_MAJOR_MIN} or newer to install itself; this is ${process.version}.`);
  process.exit(1);
}
main().then(
  code => process.exit(code),
  error => {
    say(`Installing failed: ${error.message}`);
    process.exit(1);
  },
);

async function main() {
  if (whatIsMissing() === null) return 0;
  await takeLock();
  try {
    // Whoever had the lock before may have installed everything.
    const reason = whatIsMissing();
    return reason === null ? 0 : await install(reason);
  } finally {
    rmSync(lockFolder, { recursive: true, force: true });
  }
}

async function install(reason) {
  say(`Installing packages (${reason}) …`);
  const code = await npm([
    'ci',
    '--no-audit',
    '--no-fund',
    '--prefer-offline',
    '--loglevel=error',
    ...(withDev ? ['--include=dev'] : []),
  ]);
  if (code !== 0) {
    say('npm ci did not succeed. Packages come from the npm registry: is there a network? Then start again.');
    return code;
  }
  // Where install scripts are switched off, the package `node` comes without its program.
  if (!ownNodeRuns()) await npm(['rebuild', 'node', '--ignore-scripts=false']);
  if (!ownNodeRuns()) {
    say(
      'The package "node" did not get its program: its install script was kept from running (see npm config get ignore-scripts).',
    );
    return 1;
  }
  writeFileSync(join(modules, '.bootstrap'), machine());
  return 0;
}

/** The first reason to install, in words; null when everything is there. */
function whatIsMissing() {
  const wanted = packages(join(root, 'package-lock.json'));
  if (wanted === null) throw new Error('package-lock.json is missing or broken');
  const installed = packages(join(modules, '.package-lock.json'));
  if (installed === null) return 'nothing is installed yet';
  const tried = read(join(modules, '.bootstrap')) === machine();
  for (const [path, want] of Object.entries(wanted)) {
    if (path === '') continue;
    const found = installed[path];
    if (found === undefined) {
      if (mayBeAbsent(want, tried)) continue;
      return `${path} is missing`;
    }
    if (found.version !== want.version || differ(found.integrity, want.integrity)) return `${path} has changed`;
    if (!want.optional && !existsSync(join(root, path, 'package.json'))) return `${path} is missing`;
  }
  return ownNodeRuns() ? null : "the project's own Node is missing";
}

/** Packages of other platforms are never there; one that npm left out although it fits is asked for once only. */
function mayBeAbsent(want, tried) {
  if (want.dev && !withDev) return true;
  if (!want.optional && !want.devOptional) return Boolean(want.peer);
  const fits = want.os && want.cpu && !want.libc && allows(want.os, process.platform) && allows(want.cpu, process.arch);
  return tried || !fits;
}

function allows(list, value) {
  return list.includes(value) || (list.every(item => item.startsWith('!')) && !list.includes(`!${value}`));
}

function differ(a, b) {
  return a !== undefined && b !== undefined && a !== b;
}

function machine() {
  return `${process.platform} ${process.arch}\n`;
}

function ownNodeRuns() {
  const { status } = spawnSync(join(modules, '.bin', windows ? 'node.cmd' : 'node'), ['--version'], { shell: windows });
  return status === 0;
}

function packages(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages;
  } catch {
    return null;
  }
}

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** Runs npm under the machine's Node: the project's own, first in PATH within npm scripts, is being replaced. */
function npm(args) {
  const path = (process.env.PATH || '').split(delimiter).filter(part => part !== join(modules, '.bin'));
  const child = spawn(windows ? 'npm.cmd' : 'npm', args, {
    cwd: root,
    env: { ...process.env, PATH: path.join(delimiter) },
    shell: windows,
    stdio: ['ignore', process.stderr, process.stderr],
  });
  if (child.pid !== undefined) writeOwner(child.pid);
  // A terminal's Ctrl-C reaches npm by itself; we wait for it, to give the lock back.
  const pass = signal => child.kill(signal);
  const ignore = () => {};
  process.on('SIGINT', ignore).on('SIGTERM', pass);
  return new Promise((done, failed) => {
    child.on('error', failed);
    child.on('exit', (code, signal) => {
      process.off('SIGINT', ignore).off('SIGTERM', pass);
      done(signal === null ? code : 130);
    });
  });
}

/** One install at a time: a folder whose owner is written in it; a dead owner's folder is taken over by one of those who wait. */
async function takeLock() {
  let told = false;
  while (!tryLock()) {
    if (!told) say('Another install is running here; waiting for it …');
    told = true;
    await new Promise(done => setTimeout(done, POLL_MS));
  }
}

function tryLock() {
  if (makeFolder(lockFolder)) return writeOwner();
  const takeover = join(lockFolder, 'takeover');
  if (!isAbandoned() || !makeFolder(takeover, TAKEOVER_MAX_MS)) return false;
  const mine = isAbandoned() && writeOwner();
  rmdirSync(takeover);
  return mine;
}

/** True when it was made by us; one older than `ageMax` was left behind by a process killed in between. */
function makeFolder(path, ageMax) {
  try {
    mkdirSync(path);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST' && error.code !== 'ENOENT') throw error;
    if (ageMax !== undefined && age(path) > ageMax) rmSync(path, { recursive: true, force: true });
    return false;
  }
}

/** An npm that outlives its killed starter goes on installing: it owns the lock, too. */
function writeOwner(npmPid) {
  const pids = npmPid === undefined ? [process.pid] : [process.pid, npmPid];
  writeFileSync(join(lockFolder, 'owner'), pids.map(pid => `${pid} ${birth(pid)}`).join('\n'));
  return true;
}

function isAbandoned() {
  const owners = read(join(lockFolder, 'owner'));
  if (owners === null || owners === '') return age(lockFolder) > TAKEOVER_MAX_MS;
  return owners.split('\n').every(owner => {
    const pid = Number(owner.split(' ')[0]);
    return !isAlive(pid) || owner !== `${pid} ${birth(pid)}`;
  });
}

function age(path) {
  try {
    return Date.now() - statSync(path).mtimeMs;
  } catch {
    return 0;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Tells a process from a later one of the same number; nothing where /proc is not there. */
function birth(pid) {
  const stat = read(`/proc/${pid}/stat`);
  return stat === null
    ? ''
    : `${read('/proc/sys/kernel/random/boot_id').trim()} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`;
}
