package dev.boardwalk.gateway;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A TCP connection that speaks as much WebSocket as a test wants, down to single bytes. */
final class RawSocket implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 60_000;
    private static final int BINARY = 0x82;

    private final Socket socket;

    RawSocket(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
    }

    /** After the upgrade; fails if there is none. */
    static RawSocket upgraded(int port, String path, String... headers) throws IOException {
        RawSocket raw = new RawSocket(port);
        String answer = raw.upgrade(path, headers);
        if (!answer.startsWith("HTTP/1.1 101")) {
            raw.close();
            throw new IOException(answer);
        }
        return raw;
    }

    static String handshake(String path, String... headers) {
        StringBuilder request = new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n");
        for (String header : headers) {
            request.append(header).append("\r\n");
        }
        return request + "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    }

    /** Asks for a WebSocket; answers the head of the answer, and the body if it is a refusal. */
    String upgrade(String path, String... headers) throws IOException {
        send(handshake(path, headers).getBytes(StandardCharsets.ISO_8859_1));
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        InputStream in = socket.getInputStream();
        for (int next = in.read(); next >= 0; next = in.read()) {
            head.write(next);
            if (head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
                String text = head.toString(StandardCharsets.ISO_8859_1);
                if (text.startsWith("HTTP/1.1 101")) {
                    return text;
                }
                // The server waits for this end before it closes its own.
                socket.shutdownOutput();
                return text + new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    void send(byte... bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /** One binary message, masked as a client's have to be. */
    void message(byte[] payload) throws IOException {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(BINARY);
        if (payload.length < 126) {
            frame.write(0x80 | payload.length);
        } else {
            frame.write(0x80 | 126);
            frame.write(payload.length >>> 8);
            frame.write(payload.length);
        }
        // A mask of zeros changes nothing.
        frame.writeBytes(new byte[4]);
        frame.writeBytes(payload);
        send(frame.toByteArray());
    }

    /** Reads to the end, which the server has to bring about; answers whether it did so without more than it had to say. */
    byte[] rest() throws IOException {
        try {
            return socket.getInputStream().readAllBytes();
        } catch (java.net.SocketException reset) {
            return new byte[0];
        }
    }

    /** Closes before its time. */
    void hangUp() throws IOException {
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
