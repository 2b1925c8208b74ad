import assert from 'node:assert/strict';
import { eventually } from './eventually.mjs';
import { stopPostgres } from './stoppedServer.mjs';

/**
 * What two windows on one board must show. Each test gets `{two, open, line, base, postgres}`: `two(board)` opens
 * two windows of different people, `line` is a network line that can be cut.
 */
export const TESTS = {
  async 'a node made in one window appears in the other, after a reload too'({ two, board }) {
    const [ada, bob] = await two(board('demo'));
    const text = `Made at ${Date.now()}`;
    await ada.page.keyboard.press('n');
    await ada.page.waitForSelector('.card-field:focus');
    await ada.page.keyboard.type(text);
    await ada.page.keyboard.press('Escape');
    await bob.node(text).waitFor({ state: 'attached' });
    await ada.waitForSign('saved');
    for (const window of [bob, ada]) {
      await window.page.reload();
      await window.waitForSign('saved');
      await window.page.keyboard.press('0');
      await window.node(text).waitFor();
    }
  },

  async 'a cursor is seen with its name, and a new name at once'({ two, board }) {
    const [ada, bob] = await two(board());
    await ada.rename('Ada Lovelace');
    await ada.page.mouse.move(500, 400, { steps: 3 });
    await bob.page.locator('.cursor', { hasText: 'Ada Lovelace' }).waitFor();
    await ada.page.close();
    await bob.page.locator('.cursor', { hasText: 'Ada Lovelace' }).waitFor({ state: 'detached' });
  },

  async 'nodes are connected by pointer and by keyboard, with label and type'({ two, board }) {
    const [ada, bob] = await two(board());
    await ada.makeNode(300, 300, 'Engine');
    await ada.makeNode(700, 300, 'Fuel pump');
    await ada.makeNode(500, 560, 'Tank');
    await ada.selectNothing();
    await ada.connectByPointer('Engine', 'Fuel pump');
    await ada.page.fill('#edge-label', 'gets fuel from');
    await ada.page.keyboard.press('Enter');
    await bob.page.getByText('gets fuel from').waitFor();
    await bob.connectByKeyboard('Fuel pump', 'Tank', 'depends on');
    await ada.page.getByText('depends on').waitFor();
    assert.equal(await ada.edges().count(), 2);
    await ada.waitForSign('saved');
    const { edges } = await ada.content();
    assert.deepEqual(
      Object.values(edges)
        .map(({ type, label }) => [type, label])
        .sort(),
      [
        ['CONNECTS', 'gets fuel from'],
        ['DEPENDS_ON', ''],
      ],
    );
  },

  async 'a node moved, recoloured and deleted in one window is so in the other'({ two, board }) {
    const [ada, bob] = await two(board());
    await ada.makeNode(400, 300, 'Wanderer');
    await bob.node('Wanderer').waitFor();
    const before = await bob.place('Wanderer');
    const { x, y } = await ada.place('Wanderer');
    await ada.page.mouse.move(x + 20, y + 20);
    await ada.page.mouse.down();
    await ada.page.mouse.move(x + 23, y + 23);
    await ada.page.mouse.move(x + 120, y + 170, { steps: 10 });
    // Still held: the other window follows the drag before there is an edit.
    await eventually(async () => assert.notDeepEqual(await bob.place('Wanderer'), before));
    await ada.page.mouse.up();
    await eventually(async () => {
      const after = await bob.place('Wanderer');
      assert.ok(
        Math.hypot(after.x - before.x - 100, after.y - before.y - 150) < 8,
        JSON.stringify({ before, after }),
      );
    });
    await bob.select('Wanderer');
    await bob.page.keyboard.press('8');
    await ada.page.waitForSelector('.card.color-rose');
    await bob.page.keyboard.press('Delete');
    await ada.node('Wanderer').waitFor({ state: 'detached' });
  },

  async 'two people type into one node at once and nobody loses a letter'({ two, board }) {
    const [ada, bob] = await two(board());
    await ada.makeNode(400, 300, 'middle');
    await bob.node('middle').waitFor();
    for (const [window, key] of [
      [ada, 'Home'],
      [bob, 'End'],
    ]) {
      await window.select('middle');
      await window.page.keyboard.press('Enter');
      await window.page.waitForSelector('.card-field:focus');
      await window.page.keyboard.press(key);
    }
    await Promise.all([
      ada.page.keyboard.type('left left left ', { delay: 15 }),
      bob.page.keyboard.type(' right right right', { delay: 15 }),
    ]);
    const wanted = 'left left left middle right right right';
    for (const window of [ada, bob]) {
      await eventually(async () => assert.equal(await window.page.inputValue('.card-field'), wanted));
      await window.page.keyboard.press('Escape');
      await window.node(wanted).waitFor();
    }
  },

  async 'the title is shared, and the tab carries it'({ two, board }) {
    const [ada, bob] = await two(board());
    await ada.page.keyboard.press('t');
    await ada.page.waitForSelector('textarea.board-title:focus');
    await ada.page.keyboard.type('Release plan');
    await ada.page.keyboard.press('Enter');
    await bob.page.locator('h1.board-title', { hasText: 'Release plan' }).waitFor();
    await eventually(async () => assert.equal(await bob.page.title(), 'Release plan · Boardwalk'));
  },

  async 'undo takes back one’s own edits only'({ two, board }) {
    const [ada, bob] = await two(board());
    await ada.makeNode(300, 300, 'of Ada');
    await bob.node('of Ada').waitFor();
    await bob.makeNode(700, 300, 'of Bob');
    await ada.node('of Bob').waitFor();
    for (let times = 0; times < 6; times++) {
      await ada.page.keyboard.press('Control+z');
    }
    await bob.node('of Ada').waitFor({ state: 'detached' });
    await ada.node('of Bob').waitFor();
    await bob.node('of Bob').waitFor();
    for (let times = 0; times < 6; times++) {
      await ada.page.keyboard.press('Control+Shift+z');
    }
    await bob.node('of Ada').waitFor();
  },

  async 'edits made offline are kept and merged on return'({ two, board, line }) {
    const [ada, bob] = await two(board());
    await ada.makeNode(300, 260, 'before');
    await bob.node('before').waitFor();
    line.cut();
    await ada.waitForSign('offline');
    await ada.makeNode(300, 460, 'offline by Ada');
    assert.match(await ada.signText(), /^Offline, \d+ changes kept on this device$/);
    await bob.makeNode(700, 460, 'meanwhile by Bob');
    await bob.waitForSign('saved');
    line.mend();
    await ada.waitForSign('saved');
    await bob.node('offline by Ada').waitFor();
    await ada.node('meanwhile by Bob').waitFor();
  },

  async 'edits made offline survive closing the window'({ two, board, line }) {
    const name = board();
    const [ada, bob] = await two(name);
    line.cut();
    await ada.waitForSign('offline');
    await ada.makeNode(300, 300, 'left behind');
    await ada.page.goto('about:blank');
    line.mend();
    await ada.open(name);
    await bob.node('left behind').waitFor();
    await ada.node('left behind').waitFor();
  },

  async 'the sign says saved only after the commit'({ two, board, postgres }) {
    const [ada, bob] = await two(board());
    await ada.makeNode(300, 300, 'durable');
    await ada.waitForSign('saved');
    const goOn = stopPostgres(postgres);
    try {
      await ada.watchSign();
      await ada.makeNode(300, 500, 'not yet durable');
      await bob.node('not yet durable').waitFor();
      await ada.waitForSign('stalled');
      assert.match(await ada.signText(), /can’t save right now/);
      assert.deepEqual((await ada.signsSeen()).slice(1).includes('saved'), false);
    } finally {
      goOn();
    }
    await ada.waitForSign('saved');
    const { nodes } = await ada.content();
    assert.ok(Object.values(nodes).some(({ text }) => text === 'not yet durable'));
  },

  async 'a board is made from the list and found in it by others'({ two, open, board }) {
    const [ada] = await two(board());
    await ada.page.goto(`${ada.base}/`);
    const title = `Made from the list ${Date.now()}`;
    await ada.page.fill('#new-board', title);
    await ada.page.keyboard.press('Enter');
    await ada.page.locator('h1.board-title', { hasText: title }).waitFor();
    await ada.waitForSign('saved');
    await ada.content();
    const stranger = await open();
    await stranger.page.goto(`${stranger.base}/`);
    await stranger.page.locator('.board-tile', { hasText: title }).click();
    await stranger.waitForSign('saved');
    await stranger.page.locator('h1.board-title', { hasText: title }).waitFor();
  },

  async 'everything on a board can be done without a pointer'({ two, board }) {
    const [ada, bob] = await two(board());
    const { keyboard } = ada.page;
    await keyboard.press('n');
    await ada.page.waitForSelector('.card-field:focus');
    await keyboard.type('first');
    await keyboard.press('Escape');
    await keyboard.press('Control+Enter');
    await ada.page.waitForSelector('.card-field:focus');
    await keyboard.type('second');
    await keyboard.press('Escape');
    await ada.page.waitForSelector('.react-flow__node:focus');
    await keyboard.press('ArrowDown');
    await keyboard.press('Alt+ArrowLeft');
    await ada.page.waitForSelector('.react-flow__node.selected:has-text("first")');
    await keyboard.press('Enter');
    await ada.page.waitForSelector('.card-field:focus');
    await keyboard.press('End');
    await keyboard.type(' of all');
    await keyboard.press('Escape');
    await bob.node('first of all').waitFor();
    await bob.node('second').waitFor();
    assert.equal(await bob.edges().count(), 1);
    await keyboard.press('?');
    await ada.page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    await keyboard.press('Escape');
    await ada.page.getByRole('dialog').waitFor({ state: 'detached' });
  },

  async 'a link to a node brings it to the middle'({ two, board }) {
    const name = board();
    const [ada, bob] = await two(name);
    await ada.makeNode(300, 300, 'near');
    await ada.makeNode(900, 700, 'far away');
    await ada.waitForSign('saved');
    const id = await ada.nodeId('far away');
    await bob.open(`${name}?element=${encodeURIComponent(id)}`);
    await eventually(async () => {
      const { x, y, width, height } = await bob.node('far away').boundingBox();
      const { width: w, height: h } = bob.page.viewportSize();
      assert.ok(Math.abs(x + width / 2 - w / 2) < 3 && Math.abs(y + height / 2 - h / 2) < 3);
    });
  },

  async 'the board is shown as it was, and led back to it for everybody'({ two, board }) {
    const [ada, bob] = await two(board());
    await ada.rename('Ada Lovelace');
    await ada.makeNode(300, 300, 'Engine');
    await ada.selectNothing();
    await ada.waitForSign('saved');
    await ada.page.keyboard.press('h');
    await ada.page.fill('.name-version input', 'Only the engine');
    await ada.page.keyboard.press('Enter');
    await ada.page.locator('.moment.named', { hasText: 'Only the engine' }).waitFor();
    await ada.page.locator('.moment', { hasText: 'Ada Lovelace' }).first().waitFor();
    await bob.makeNode(700, 300, 'Fuel pump');
    await ada.node('Fuel pump').waitFor();
    await ada.page.locator('.moment.named').click();
    const preview = ada.page.locator('.board-preview');
    await preview.locator('.card', { hasText: 'Engine' }).waitFor();
    assert.equal(await preview.locator('.card').count(), 1);
    await ada.page.getByRole('button', { name: 'Restore …' }).click();
    await ada.page.getByRole('dialog').getByRole('button', { name: 'Restore', exact: true }).click();
    await preview.waitFor({ state: 'detached' });
    for (const window of [ada, bob]) {
      await window.node('Fuel pump').waitFor({ state: 'detached' });
      await window.node('Engine').waitFor();
    }
  },
};
