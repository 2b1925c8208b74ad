/** One browser window on a board: what a person sees in it and does with it. */
export class BoardWindow {
  constructor(page, base) {
    this.page = page;
    this.base = base;
    this.failures = [];
    page.on('pageerror', (problem) => this.failures.push(String(problem)));
  }

  async open(path) {
    await this.page.goto(this.base + path);
    await this.page.waitForSelector('.canvas');
    await this.waitForSign('saved');
  }

  /** Makes a node with a double-click, `x` and `y` pixels from the window's corner. */
  async makeNode(x, y, text) {
    await this.page.mouse.dblclick(x, y);
    await this.page.waitForSelector('.card-field');
    await this.page.keyboard.type(text);
    await this.page.keyboard.press('Escape');
    await this.node(text).waitFor();
  }

  node(text) {
    return this.page.locator('.react-flow__node', { has: this.page.getByText(text, { exact: true }) });
  }

  async nodeId(text) {
    return this.node(text).first().getAttribute('data-id');
  }

  async select(text) {
    await this.node(text).first().click();
  }

  async selectNothing() {
    await this.page.keyboard.press('Escape');
  }

  /** Connects with the keyboard alone. */
  async connectByKeyboard(source, target, type) {
    await this.select(source);
    await this.page.keyboard.press('c');
    await this.page.waitForSelector('dialog input:focus');
    await this.page.keyboard.type(target);
    if (type !== undefined) {
      await this.page.keyboard.press('Tab');
      await this.page.keyboard.type(type);
    }
    await this.page.keyboard.press('Enter');
    await this.page.waitForSelector('dialog', { state: 'detached' });
  }

  /** Pulls a line from the right side of one node onto another. */
  async connectByPointer(source, target) {
    await this.node(source).first().hover();
    const from = await this.node(source).first().locator('.react-flow__handle-right').boundingBox();
    const to = await this.node(target).first().boundingBox();
    await this.page.mouse.move(from.x + from.width / 2, from.y + from.height / 2);
    await this.page.mouse.down();
    await this.page.mouse.move(to.x + to.width / 2 - 30, to.y + to.height / 2, { steps: 8 });
    await this.page.mouse.move(to.x + to.width / 2, to.y + to.height / 2, { steps: 2 });
    await this.page.mouse.up();
  }

  edges() {
    return this.page.locator('.react-flow__edge');
  }

  async place(text) {
    const { x, y } = await this.node(text).first().boundingBox();
    return { x, y };
  }

  sign() {
    return this.page.locator('.save-sign').getAttribute('data-save');
  }

  signText() {
    return this.page.locator('.save-words').innerText();
  }

  async waitForSign(kind) {
    await this.page.waitForSelector(`.save-sign[data-save="${kind}"]`);
  }

  /** Notes every state of the save sign from now on; `signsSeen` answers them. */
  async watchSign() {
    await this.page.evaluate(() => {
      const sign = document.querySelector('.save-sign');
      window.signsSeen = [sign.dataset.save];
      new MutationObserver(() => window.signsSeen.push(sign.dataset.save)).observe(sign, {
        attributeFilter: ['data-save'],
      });
    });
  }

  signsSeen() {
    return this.page.evaluate(() => window.signsSeen);
  }

  /** Replaces one's name as others see it. */
  async rename(name) {
    await this.page.locator('.people-button').click();
    await this.page.fill('#own-name', name);
    await this.page.keyboard.press('Enter');
    await this.page.waitForSelector('.people-list', { state: 'detached' });
  }
}
