import assert from 'node:assert/strict';
import { createHmac, randomUUID } from 'node:crypto';
import { eventually } from './eventually.mjs';

const PROJECT = 'default';

/**
 * What people see of a server that wants to know who they are. Each test gets `{open, board, base, secret}`; tokens are
 * signed here, as an application's sign-in would.
 */
export const SIGN_IN_TESTS = {
  async 'a token in the address signs in and is taken out of the address'({ open, board, secret }) {
    const path = board();
    const ada = await open();
    await ada.open(`${path}?token=${token(secret, { sub: 'ada', role: 'editor' })}`);
    assert.equal(new URL(ada.page.url()).search, '');
    await ada.makeNode(400, 300, 'Signed in');
    await ada.waitForSign('saved');
    await ada.page.reload();
    await ada.waitForSign('saved');
    await ada.node('Signed in').waitFor();
  },

  async 'without a token one is told so, and a pasted one lets in'({ open, board, secret }) {
    const stranger = await open();
    await stranger.page.goto(stranger.base + board());
    const notice = stranger.page.getByRole('alert').filter({ hasText: 'You are not signed in' });
    await notice.getByRole('button', { name: 'Sign in' }).click();
    await stranger.page
      .getByLabel('Token', { exact: true })
      .fill(token(secret, { sub: 'ada', role: 'editor' }));
    await stranger.page.keyboard.press('Enter');
    await stranger.waitForSign('saved');
    await stranger.makeNode(400, 300, 'Let in');
  },

  async 'a share link shows one board, live, and lets nobody change it'({ open, board, base, secret }) {
    const path = board();
    const editor = token(secret, { sub: 'ada', role: 'editor' });
    const ada = await open();
    await ada.open(`${path}?token=${editor}`);
    await ada.makeNode(400, 300, 'Shared');
    await ada.waitForSign('saved');
    const link = await call(base, editor, 'POST', `${entity(path)}/share?ttl=1h`);

    const guest = await open();
    await guest.page.goto(guest.base + link.path);
    await guest.node('Shared').waitFor();
    await guest.page.getByText('View only').waitFor();
    await triesToChange(guest);
    await ada.makeNode(700, 300, 'Later');
    await guest.node('Later').waitFor();
    await ada.waitForSign('saved');
    assert.equal(await nodes(base, editor, path), 2);

    await guest.page.goto(guest.base + board(`other-${Date.now().toString(36)}`));
    await guest.page.getByText('You may not open this board.').waitFor();
  },

  async 'a commenter points and is seen, and changes nothing'({ open, board, base, secret }) {
    const path = board();
    const editor = token(secret, { sub: 'ada', role: 'editor' });
    const ada = await open();
    await ada.open(`${path}?token=${editor}`);
    await ada.makeNode(400, 300, 'Look here');
    await ada.waitForSign('saved');
    const carol = await open();
    await carol.page.goto(`${carol.base}${path}?token=${token(secret, { sub: 'carol', role: 'commenter' })}`);
    await carol.node('Look here').waitFor();
    await carol.page.getByText('View and point').waitFor();
    await carol.page.mouse.move(500, 420, { steps: 3 });
    await ada.page.locator('.cursor').waitFor();
    await triesToChange(carol);
    assert.equal(await nodes(base, editor, path), 1);
  },

  async 'a role that changes is shown in an open window'({ open, board, base, secret }) {
    const path = board();
    const owner = token(secret, { sub: 'root', role: 'owner' });
    const user = `member-${randomUUID()}`;
    const role = (name) => call(base, owner, 'PUT', `/api/v1/members/${user}`, { role: name });
    await role('editor');
    const window = await open();
    await window.open(`${path}?token=${token(secret, { sub: user })}`);
    await window.makeNode(400, 300, 'Mine');
    await window.waitForSign('saved');
    await role('reader');
    await window.page.getByText('View only').waitFor();
    await triesToChange(window);
    await role('editor');
    await window.page.getByText('You may change this board now.').waitFor();
    await window.waitForSign('saved');
    await window.makeNode(700, 300, 'Mine again');
    await window.waitForSign('saved');
    await eventually(async () => assert.equal(await nodes(base, owner, path), 2));
  },

  async 'who is here is told by the names of those who signed in'({ open, board, secret }) {
    const path = board();
    const ada = await open();
    await ada.open(`${path}?token=${token(secret, { sub: 'ada', role: 'editor' })}`);
    const carol = await open();
    await carol.page.goto(`${carol.base}${path}?token=${token(secret, { sub: 'carol', role: 'commenter' })}`);
    await ada.page.getByRole('button', { name: '2 people here. You are ada' }).click();
    await ada.page.locator('.people-list li', { hasText: 'carol' }).waitFor();
    const rita = await open();
    await rita.page.goto(`${rita.base}${path}?token=${token(secret, { sub: 'rita', role: 'reader' })}`);
    await rita.page.getByRole('button', { name: '3 people here. You are rita' }).waitFor();
    await carol.page.close();
    await ada.page.getByRole('button', { name: 'Only you are here. You are ada' }).waitFor();
  },

  async 'a link made in the page is copied, and works for whoever has it'({ open, board, secret }) {
    const path = board();
    const ada = await open();
    await ada.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await ada.open(`${path}?token=${token(secret, { sub: 'ada', role: 'editor' })}`);
    await ada.makeNode(400, 300, 'Look at me');
    await ada.waitForSign('saved');
    await ada.page.getByRole('button', { name: 'Share' }).click();
    await ada.page.getByLabel('How long the link works').selectOption('1h');
    await ada.page.getByRole('button', { name: 'Copy link' }).click();
    await ada.page.getByText('For one hour, whoever has it may look at this board.').waitFor();
    const link = await ada.page.evaluate(() => navigator.clipboard.readText());
    const guest = await open();
    await guest.page.goto(link);
    await guest.node('Look at me').waitFor();
    await guest.page.getByText('View only').waitFor();
  },

  async 'a viewer sees that the line is cut, and what came meanwhile'({ open, board, line, secret }) {
    const path = board();
    const ada = await open();
    await ada.open(`${path}?token=${token(secret, { sub: 'ada', role: 'editor' })}`);
    const viewer = await open(line.url);
    await viewer.page.goto(`${viewer.base}${path}?token=${token(secret, { sub: 'rita', role: 'reader' })}`);
    await viewer.page.getByText('View only').waitFor();
    line.cut();
    await viewer.waitForSign('offline');
    assert.equal(await viewer.signText(), 'Offline');
    await ada.makeNode(400, 300, 'Meanwhile');
    line.mend();
    await viewer.node('Meanwhile').waitFor();
    await viewer.page.locator('.save-sign').waitFor({ state: 'detached' });
    await viewer.page.getByText('View only').waitFor();
  },

  async 'changes that are refused on return are never called saved'(given) {
    const { open, board, line, base, secret } = given;
    const path = board();
    const owner = token(secret, { sub: 'root', role: 'owner' });
    const user = `member-${randomUUID()}`;
    const role = (name) => call(base, owner, 'PUT', `/api/v1/members/${user}`, { role: name });
    await role('editor');
    const window = await open(line.url);
    const members = token(secret, { sub: user });
    await window.open(`${path}?token=${members}`);
    await window.makeNode(400, 300, 'In time');
    await window.waitForSign('saved');
    line.cut();
    await window.waitForSign('offline');
    await window.makeNode(700, 300, 'Too late');
    await window.watchSign();
    await role('reader');
    // It counts within a second; who comes back sooner may still be let in as what they were.
    await eventually(async () => assert.equal(await statusOfChange(base, members), 403));
    line.mend();
    await window.waitForSign('refused');
    await window.page.getByText('View only').waitFor();
    assert.match(await window.signText(), /^\d+ changes? not taken$/);
    assert.ok(!(await window.signsSeen()).includes('saved'));
    assert.equal(await nodes(base, owner, path), 1);
    await role('editor');
    await window.waitForSign('saved');
    assert.equal(await nodes(base, owner, path), 2);
  },

  async 'boards of the same name in two organisations share nothing on a device either'(given) {
    const { open, board, base, secret } = given;
    const path = board();
    const window = await open();
    await window.open(`${path}?token=${token(secret, { org: 'north', sub: 'ada', role: 'editor' })}`);
    await window.makeNode(400, 300, 'Of the north');
    await window.waitForSign('saved');
    const south = token(secret, { org: 'south', sub: 'ada', role: 'editor' });
    await window.open(`${path}?token=${south}`);
    await window.page.getByText('Nothing here yet').waitFor();
    await window.makeNode(400, 300, 'Of the south');
    await window.waitForSign('saved');
    assert.equal(await window.node('Of the north').count(), 0);
    assert.equal(await nodes(base, south, path), 1);
  },

  async 'a revoked window says that its sign-in has ended'({ open, board, base, secret }) {
    const owner = token(secret, { sub: 'root', role: 'owner' });
    const jti = randomUUID();
    const window = await open();
    await window.open(`${board()}?token=${token(secret, { sub: 'eve', role: 'editor', jti })}`);
    await call(base, owner, 'POST', '/api/v1/revocations', { token: jti });
    await window.page.getByText('your sign-in has ended').waitFor();
    await window.waitForSign('offline');
    await triesToChange(window);
  },
};

/** Presses what would make a node; nothing may open, nothing may come. */
async function triesToChange(window) {
  const before = await window.page.locator('.react-flow__node').count();
  await window.page.keyboard.press('n');
  await window.page.mouse.dblclick(900, 600);
  assert.equal(await window.page.locator('.card-field').count(), 0);
  assert.equal(await window.page.locator('.react-flow__node').count(), before);
}

/** How many nodes the server has on disk. */
async function nodes(base, bearer, path) {
  const { properties } = await call(base, bearer, 'GET', `${entity(path)}?fresh=true`);
  return Object.keys(properties.nodes).length;
}

function entity(path) {
  return `/api/v1/projects/${PROJECT}/entities/${path.split('/').at(-1)}`;
}

/** What a change of another entity with this token is answered with. */
async function statusOfChange(base, bearer) {
  const answer = await fetch(`${base}/api/v1/projects/${PROJECT}/entities/probe/update`, {
    method: 'POST',
    headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/octet-stream' },
    body: new Uint8Array([0, 0]),
  });
  return answer.status;
}

async function call(base, bearer, method, path, body) {
  const answer = await fetch(base + path, {
    method,
    headers: { authorization: `Bearer ${bearer}` },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (!answer.ok) {
    throw new Error(`${method} ${path} answered ${answer.status}: ${await answer.text()}`);
  }
  return answer.status === 204 ? undefined : answer.json();
}

/** A token of HS256, good for ten minutes. */
function token(secret, claims) {
  const now = Math.floor(Date.now() / 1000);
  const all = { org: 'acme', jti: randomUUID(), iat: now, exp: now + 600, ...claims };
  const signed = [{ alg: 'HS256', typ: 'JWT' }, all]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}
