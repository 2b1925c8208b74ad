package dev.boardwalk.gateway;

/** An address on which the gateway cannot listen. */
final class PortTaken extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PortTaken(GatewaySettings settings, Throwable cause) {
        super(
                "cannot listen on " + settings.host() + ":" + settings.port() + ": " + cause.getMessage()
                        + " (--port or BOARDWALK_PORT chooses another)",
                cause);
    }
}
