import assert from 'node:assert/strict';
import * as Y from 'yjs';
import { eventually } from './eventually.mjs';

/** What windows show of the questions that one can ask: relationships at the side, and the search. */
export const ASKING_TESTS = {
  async 'relationships of a node are pointed out and listed, direct and all'({ two, board }) {
    const [ada] = await two(board());
    await ada.makeNode(300, 240, 'Car');
    await ada.makeNode(640, 240, 'Engine');
    await ada.makeNode(640, 480, 'Pump');
    await ada.makeNode(300, 640, 'Bystander');
    await ada.connectByKeyboard('Car', 'Engine', 'depends on');
    await ada.connectByKeyboard('Engine', 'Pump', 'depends on');
    await ada.waitForSign('saved');
    await ada.select('Pump');
    await ada.page.keyboard.press('r');
    const panel = ada.page.locator('.side-panel');
    const listed = (heading) =>
      panel.locator('.relatives', { hasText: heading }).locator('.relative-title').allInnerTexts();
    await panel.getByText('Engine').waitFor();
    assert.deepEqual(await listed('Depends on this'), ['Engine']);
    await ada.page.waitForSelector('.card.dependent:has-text("Engine")');
    assert.equal(await ada.page.locator('.card.dependent').count(), 1);
    await panel.getByRole('button', { name: 'All' }).click();
    await eventually(async () =>
      assert.deepEqual((await listed('Depends on this')).sort(), ['Car', 'Engine']),
    );
    assert.equal(await ada.page.locator('.card.dependent').count(), 2);
    await panel.getByRole('button', { name: 'Impact' }).click();
    await panel.getByText('2 things').waitFor();
    await panel.getByText('After 2 steps').waitFor();
    await panel.locator('.relative', { hasText: 'Car' }).click();
    await ada.page.waitForSelector('.react-flow__node.selected:has-text("Car")');
    await panel.getByRole('button', { name: 'Direct' }).click();
    await eventually(async () => assert.deepEqual(await listed('This depends on'), ['Engine']));
  },

  async 'what depends on an entity on another board is listed and leads there'({ two, board, base }) {
    const own = board();
    const other = `other-${Date.now().toString(36)}`;
    const contract = `contract-${Date.now().toString(36)}`;
    await draw(base, contract, { k: { text: 'Clause' } }, []);
    await draw(base, other, { d: { text: 'Delivery' }, c: { text: 'There', entity: contract } }, [
      ['d', 'c'],
    ]);
    await draw(base, own.split('/').at(-1), { c: { text: 'The contract', entity: contract } }, []);
    const [ada] = await two(own);
    await ada.node('The contract').waitFor();
    await ada.select('The contract');
    await ada.page.keyboard.press('r');
    const row = ada.page.locator('.side-panel .relative', { hasText: 'Delivery' });
    await row.waitFor();
    assert.match(await row.innerText(), new RegExp(`on ${other}`));
    await row.click();
    await ada.page.waitForSelector('.react-flow__node.selected:has-text("Delivery")');
    assert.ok(ada.page.url().includes(`/board/default/${other}?element=d`));
  },

  async 'an edge that closes a cycle is warned of'({ two, board }) {
    const [ada] = await two(board());
    await ada.makeNode(300, 300, 'Hen');
    await ada.makeNode(700, 300, 'Egg');
    await ada.connectByKeyboard('Hen', 'Egg', 'depends on');
    await ada.connectByKeyboard('Egg', 'Hen', 'depends on');
    await ada.page.getByText('This edge closes a cycle').waitFor();
  },

  async 'the search finds a node of another board and goes there'({ two, open, board, base }) {
    const [ada] = await two(board());
    const word = `zeppelin${Date.now().toString(36)}`;
    await ada.makeNode(300, 300, `The ${word} of the fleet`);
    await ada.makeNode(900, 700, 'Something else');
    await ada.waitForSign('saved');
    await ada.content();
    const bob = await open(base);
    await bob.open(board(`start-${Date.now().toString(36)}`));
    await bob.page.keyboard.press('Control+k');
    const field = bob.page.locator('.search-field');
    await field.waitFor();
    await eventually(async () => {
      await field.fill('');
      await field.fill(word);
      await bob.page.locator('.search-hits li mark').first().waitFor({ timeout: 2_000 });
    });
    await bob.page.keyboard.press('Enter');
    await bob.waitForSign('saved');
    await bob.page.waitForSelector(`.react-flow__node.selected:has-text("${word}")`);
    await eventually(async () => {
      const { x, width } = await bob.page.locator('.react-flow__node.selected').boundingBox();
      assert.ok(Math.abs(x + width / 2 - bob.page.viewportSize().width / 2) < 3);
    });
  },
};

/** Draws a board as another program would: nodes by id, and DEPENDS_ON edges. */
async function draw(base, name, nodes, edges) {
  const doc = new Y.Doc();
  doc.transact(() => {
    Object.entries(nodes).forEach(([id, { text, entity }], i) => {
      const node = new Y.Map([
        ['x', 300 * i + 200],
        ['y', 300],
        ['text', new Y.Text(text)],
      ]);
      if (entity !== undefined) {
        node.set('entity', entity);
      }
      doc.getMap('nodes').set(id, node);
    });
    edges.forEach(([source, target], i) =>
      doc.getMap('edges').set(
        `e${i}`,
        new Y.Map([
          ['source', source],
          ['target', target],
          ['type', 'DEPENDS_ON'],
        ]),
      ),
    );
    doc.getMap('meta').set('type', 'board');
  });
  const entity = `${base}/api/v1/projects/default/entities/${name}`;
  const answer = await fetch(`${entity}/update`, { method: 'POST', body: Y.encodeStateAsUpdate(doc) });
  assert.ok(answer.ok, `POST of a board answered ${answer.status}: ${await answer.text()}`);
  await fetch(`${entity}?fresh=true`);
}
