package dev.boardwalk.gateway.live;

/** Limits for tests: roomy, but for those that a test sets. */
final class TestLimits {
    int peersMax = 1_000;
    int heldUpdatesMax = 1_000;
    long heldBytesMax = 1 << 20;
    long uncommittedBytesMax = 1 << 20;
    int receiptsPerPeerMax = 1_000;
    long receiptBytesPerPeerMax = 1 << 20;
    int loadingEventsMax = 1_000;
    long loadingBytesMax = 1 << 20;
    int awarenessClientsPerPeerMax = 100;
    int awarenessClientsMax = 1_000;
    int awarenessStateBytesMax = 1_000;
    int logUpdatesMax = 1_000;
    long logBytesMax = 1 << 20;
    int wholeBytesMax = 1 << 16;
    int wholeUpdatesMax = 1_000;
    int backlogUpdatesMax = 64;
    int dueBytesMax = 1 << 20;
    long stalledMillisMax = 30_000;

    LiveLimits build() {
        return new LiveLimits(
                peersMax,
                heldUpdatesMax,
                heldBytesMax,
                uncommittedBytesMax,
                receiptsPerPeerMax,
                receiptBytesPerPeerMax,
                loadingEventsMax,
                loadingBytesMax,
                awarenessClientsPerPeerMax,
                awarenessClientsMax,
                awarenessStateBytesMax,
                logUpdatesMax,
                logBytesMax,
                wholeBytesMax,
                wholeUpdatesMax,
                backlogUpdatesMax,
                dueBytesMax,
                stalledMillisMax);
    }
}
