// Browser tests of a running Boardwalk: two windows on one board, in headless Chromium.
//
//   node e2e/run.mjs --url http://127.0.0.1:8080 --chromium /usr/bin/chromium [--postgres-pid N] [--jwt-secret S] [--only WORDS]
//
// Prints TAP, one line per test, and exits with 1 if one failed. With the process id of the server's PostgreSQL it
// also stops that with SIGSTOP, to see that nothing is called saved meanwhile; without it that test is not planned. With
// the secret of a server that wants tokens, what people see of signing in is tested, and nothing else.
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { BoardWindow } from './boardWindow.mjs';
import { CuttableLine } from './cuttableLine.mjs';
import { ASKING_TESTS } from './askingTests.mjs';
import { SIGN_IN_TESTS } from './signInTests.mjs';
import { TESTS } from './tests.mjs';

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Time for one test, in milliseconds. */
const TEST_MILLIS = 240_000;

/** Time for one thing to appear, in milliseconds: plenty, since other tests may keep the machine busy. */
const PATIENCE_MILLIS = 60_000;

const { values } = parseArgs({
  options: {
    url: { type: 'string' },
    chromium: { type: 'string', default: process.env.BOARDWALK_CHROMIUM },
    'postgres-pid': { type: 'string' },
    'jwt-secret': { type: 'string' },
    only: { type: 'string', default: '' },
    screenshots: { type: 'string' },
  },
});
if (values.url === undefined || values.chromium === undefined) {
  console.error(
    'say where: --url ADDRESS --chromium PROGRAM [--postgres-pid N] [--only WORDS] [--screenshots FOLDER]',
  );
  process.exit(2);
}

const base = values.url.replace(/\/$/, '');
const postgres = values['postgres-pid'] === undefined ? undefined : Number(values['postgres-pid']);
const secret = values['jwt-secret'];
const planned = Object.entries(secret === undefined ? { ...TESTS, ...ASKING_TESTS } : SIGN_IN_TESTS).filter(
  ([name]) =>
    name.includes(values.only) && (postgres !== undefined || !name.includes('only after the commit')),
);

const front = await fetch(`${base}/board/default/demo`);
if (!front.ok || !front.headers.get('content-type')?.startsWith('text/html')) {
  console.error(`no whiteboard at ${base}: GET /board/default/demo answered ${front.status}`);
  process.exit(2);
}

const browser = await chromium.launch({ executablePath: values.chromium, args: FLAGS });
let failed = 0;
console.log(`TAP version 14\n1..${planned.length}`);
for (const [i, [name, test]] of planned.entries()) {
  const began = Date.now();
  const problem = await run(test);
  const millis = Date.now() - began;
  console.log(`${problem === undefined ? 'ok' : 'not ok'} ${i + 1} - ${name} # time=${millis}ms`);
  if (problem !== undefined) {
    failed++;
    console.log(`  ---\n${problem.replace(/^/gm, '  ')}\n  ...`);
  }
}
await browser.close();
process.exit(failed === 0 ? 0 : 1);

/** Runs one test in fresh browser profiles; answers what went wrong. */
async function run(test) {
  const line = await CuttableLine.to(base);
  const contexts = [];
  const windows = [];
  const open = async (address = base) => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 820 } });
    context.setDefaultTimeout(PATIENCE_MILLIS);
    contexts.push(context);
    const window = new BoardWindow(await context.newPage(), address);
    windows.push(window);
    return window;
  };
  const two = async (path) => {
    const pair = [await open(line.url), await open()];
    for (const window of pair) {
      window.content = () => contentOf(window);
      await window.open(path);
    }
    return pair;
  };
  const board = (name = `e2e-${Date.now().toString(36)}`) => `/board/default/${name}`;
  try {
    await within(TEST_MILLIS, test({ two, open, board, line, base, postgres, secret }));
    const broken = windows.flatMap((window) => window.failures);
    return broken.length === 0 ? undefined : `the page failed: ${broken.join('\n')}`;
  } catch (problem) {
    await keepScreenshots(windows);
    return problem.stack ?? String(problem);
  } finally {
    await Promise.all(contexts.map((context) => context.close()));
    line.close();
  }
}

/** The board that a window shows, as the server has it on disk now. */
async function contentOf(window) {
  const [, , project, ...name] = new URL(window.page.url()).pathname.split('/');
  const entity = encodeURIComponent(name.map(decodeURIComponent).join('/'));
  const answer = await fetch(`${base}/api/v1/projects/${project}/entities/${entity}?fresh=true`);
  if (!answer.ok) {
    throw new Error(`GET of the board answered ${answer.status}: ${await answer.text()}`);
  }
  return (await answer.json()).properties;
}

async function within(millis, work) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done within ${millis} ms`)), millis);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function keepScreenshots(windows) {
  if (values.screenshots !== undefined) {
    for (const [i, { page }] of windows.entries()) {
      await page.screenshot({ path: `${values.screenshots}/window-${i}.png` }).catch(() => undefined);
    }
  }
}
