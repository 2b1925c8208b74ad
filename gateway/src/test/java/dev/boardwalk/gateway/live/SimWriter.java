package dev.boardwalk.gateway.live;

import static org.assertj.core.api.Assertions.assertThat;

/** A simulated REST call that writes one update, and answers only when it is durable. */
final class SimWriter implements SimPeer {
    private final SimDatabase database;
    private final ValidUpdate update;
    private int answers;

    SimWriter(SimDatabase database, ValidUpdate update) {
        this.database = database;
        this.update = update;
    }

    void call(SimGateway gateway) {
        SimSocket call = new SimSocket(PeerKind.WRITER, this, gateway);
        gateway.accept(call);
        call.toServer.add(new LiveEvent.PeerUpdate(call, update));
    }

    void confirmed() {
        assertThat(database.holds(update.outline()))
                .as("a confirmed write is durable")
                .isTrue();
        answers++;
        assertThat(answers).as("answers to one write").isEqualTo(1);
    }

    void refused() {
        answers++;
        assertThat(answers).as("answers to one write").isEqualTo(1);
    }

    @Override
    public void checkSent(Outgoing message) {
        throw new AssertionError("a writer was sent " + message);
    }

    @Override
    public void receive(Outgoing message) {
        throw new AssertionError("a writer received " + message);
    }

    @Override
    public void disconnected(SimSocket socket) {
        // The call failed; nobody was told that the write is durable.
    }
}
