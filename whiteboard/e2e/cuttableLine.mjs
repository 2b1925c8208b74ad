import net from 'node:net';

/** A line between a browser and the server that can be cut and mended, as networks do. */
export class CuttableLine {
  #sockets = new Set();
  #cut = false;

  static async to(url) {
    const line = new CuttableLine();
    const { hostname, port } = new URL(url);
    line.server = net.createServer((near) => line.#join(near, net.connect(Number(port), hostname)));
    await new Promise((resolve) => line.server.listen(0, '127.0.0.1', resolve));
    line.url = `http://127.0.0.1:${line.server.address().port}`;
    return line;
  }

  cut() {
    this.#cut = true;
    this.#sockets.forEach((socket) => socket.destroy());
  }

  mend() {
    this.#cut = false;
  }

  close() {
    this.cut();
    this.server.close();
  }

  #join(near, far) {
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ]) {
      this.#sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
    }
    if (this.#cut) {
      near.destroy();
      return;
    }
    near.pipe(far);
    far.pipe(near);
  }
}
