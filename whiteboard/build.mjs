// Builds the pages (`node build.mjs pages`) or runs the unit tests (`node build.mjs tests`) for Maven.
// Installing and building are skipped when nothing they read has changed since they last succeeded.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  fail(`Node ${process.versions.node} is too old: the whiteboard needs 20.19, 22.12 or newer`);
}

const pages = ['index.html', 'public', 'src', 'package-lock.json', 'vite.config.ts', 'tsconfig.json'];
const built = join(here, 'target/classes/META-INF/resources/whiteboard');

switch (process.argv[2]) {
  case 'pages':
    install();
    once('pages', pages, join(built, 'index.html'), () => {
      tool('typescript/bin/tsc', '--noEmit');
      tool('vite/bin/vite.js', 'build', '--outDir', built, '--emptyOutDir', '--logLevel', 'warn');
    });
    break;
  case 'tests':
    install();
    tool('vitest/vitest.mjs', 'run');
    break;
  default:
    fail(`what to do with "${process.argv[2] ?? ''}"? Say pages or tests`);
}

function install() {
  const done = join(here, 'node_modules/.package-lock.json');
  once('packages', ['package.json', 'package-lock.json', '.npmrc'], done, () => {
    console.log('whiteboard: installing npm packages');
    const [command, ...first] = npm();
    run(command, [...first, 'ci', '--no-audit', '--no-fund', '--loglevel=error']);
  });
}

/** npm as the launcher names it, else the one that came with this Node, else the one on PATH. */
function npm() {
  const named = process.env.BOARDWALK_NPM;
  const beside = [
    join(dirname(process.execPath), '../lib/node_modules/npm/bin/npm-cli.js'),
    join(dirname(process.execPath), '../share/nodejs/npm/bin/npm-cli.js'),
    join(dirname(process.execPath), 'node_modules/npm/bin/npm-cli.js'),
  ].find((path) => existsSync(path));
  if (named !== undefined && named !== '') {
    return named.endsWith('.js') ? [process.execPath, named] : [named];
  }
  return beside === undefined ? ['npm'] : [process.execPath, beside];
}

/** Runs a step unless its stamp says that it succeeded with the same inputs and its result is still there. */
function once(step, inputs, result, work) {
  const stamp = join(here, 'target/stamps', step);
  const hash = createHash('sha256').update(process.version);
  inputs.forEach((input) => digest(join(here, input), hash));
  const now = hash.digest('hex');
  if (existsSync(result) && existsSync(stamp) && readFileSync(stamp, 'utf8') === now) {
    return;
  }
  work();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, now);
}

function digest(path, hash) {
  if (statSync(path).isDirectory()) {
    readdirSync(path)
      .sort()
      .forEach((name) => digest(join(path, name), hash));
  } else {
    hash.update(path.slice(here.length)).update('\0').update(readFileSync(path)).update('\0');
  }
}

function tool(path, ...args) {
  run(process.execPath, [join(here, 'node_modules', path), ...args]);
}

function run(command, args) {
  const path = `${dirname(process.execPath)}${delimiter}${process.env.PATH ?? ''}`;
  const { status, error } = spawnSync(command, args, {
    cwd: here,
    stdio: 'inherit',
    env: { ...process.env, PATH: path },
  });
  if (status !== 0) {
    fail(`${command} ${args.join(' ')} failed${error === undefined ? '' : `: ${error.message}`}`);
  }
}

function fail(message) {
  console.error(`whiteboard: ${message}`);
  process.exit(1);
}
