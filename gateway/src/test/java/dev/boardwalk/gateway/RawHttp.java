package dev.boardwalk.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A client that sends exactly the bytes it is given, also those that no HTTP library would. */
final class RawHttp {
    private static final int PATIENCE_MILLIS = 10_000;

    private RawHttp() {}

    /** Everything that comes back until the server closes the connection. */
    static String exchange(int port, String request) throws IOException {
        return exchange(port, request.getBytes(StandardCharsets.ISO_8859_1));
    }

    static String exchange(int port, byte[] request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            OutputStream out = socket.getOutputStream();
            out.write(request);
            out.flush();
            InputStream in = socket.getInputStream();
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    /** A request without body after which the server is to close. */
    static String call(int port, String method, String target, String... headers) throws IOException {
        StringBuilder request = new StringBuilder(method + " " + target + " HTTP/1.1\r\nConnection: close\r\n");
        boolean hostSaid = false;
        for (String header : headers) {
            hostSaid |= header.startsWith("Host:");
            request.append(header).append("\r\n");
        }
        if (!hostSaid) {
            request.append("Host: 127.0.0.1:").append(port).append("\r\n");
        }
        return exchange(port, request.append("\r\n").toString());
    }

    /** The body of a successful answer to a GET, however it is sent. */
    static String body(URI address, String target) {
        return new String(bytes(address, target), StandardCharsets.UTF_8);
    }

    /** The sum of all meters whose name begins like this. */
    static double metric(URI address, String name) {
        return body(address, "/metrics")
                .lines()
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    static byte[] bytes(URI address, String target) {
        HttpRequest request = HttpRequest.newBuilder(address.resolve(target))
                .timeout(Duration.ofMillis(PATIENCE_MILLIS))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
            if (response.statusCode() != 200) {
                throw new IllegalStateException(request + " answered " + response.statusCode() + " "
                        + new String(response.body(), StandardCharsets.UTF_8));
            }
            return response.body();
        } catch (IOException failure) {
            throw new UncheckedIOException(request + " failed", failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted in " + request, interrupted);
        }
    }
}
