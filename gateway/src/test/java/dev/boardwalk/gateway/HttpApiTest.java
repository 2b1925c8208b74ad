package dev.boardwalk.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.boardwalk.store.StoreException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.RoutingContext;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The frame around the endpoints, with endpoints made for the test. */
class HttpApiTest {
    private static final int BODY_MAX = 2048;
    private static final int ALL_BODIES_MAX = 3000;

    private static final Vertx vertx = Vertx.vertx();
    private static final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private static final RequestBodies bodies = new RequestBodies(BODY_MAX, ALL_BODIES_MAX, 8, meters);
    private static int port;

    @BeforeAll
    static void listen() throws Exception {
        List<Endpoint> endpoints = List.of(
                Endpoint.get(
                        "/things/{name}",
                        Right.OPEN,
                        context -> context.response().end(context.pathParam("name"))),
                Endpoint.post("/things/{name}", Right.OPEN, HttpApiTest::length),
                Endpoint.get("/bug", Right.OPEN, _ -> {
                    throw new IllegalStateException("a secret of the inside");
                }),
                Endpoint.get(
                        "/full", Right.OPEN, _ -> Future.failedFuture(new StoreException.DiskFull("no room", null))),
                Endpoint.get(
                        "/number",
                        Right.OPEN,
                        context -> context.response()
                                .end("" + RequestParts.number(context, "n", 5, 1, 9)
                                        + RequestParts.flag(context, "f"))),
                Endpoint.get(
                        "/api/v1/projects/{project}/entities/{name}",
                        Right.READ,
                        context -> context.response()
                                .end(RequestParts.entity(context).toString())));
        HttpServer server = vertx.createHttpServer()
                .requestHandler(HttpApi.router(
                        vertx, meters, _ -> Future.succeededFuture(Caller.ANYONE), RequestGuard.LOCAL, endpoints));
        port = server.listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS)
                .actualPort();
    }

    @AfterAll
    static void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private static Future<Void> length(RoutingContext context) {
        return bodies.with(context.request(), body -> context.response().end("length=" + body.length()));
    }

    @Test
    void an_endpoint_answers_and_is_measured() throws Exception {
        assertThat(RawHttp.call(port, "GET", "/things/a"))
                .startsWith("HTTP/1.1 200 OK")
                .containsIgnoringCase("x-content-type-options: nosniff")
                .doesNotContainIgnoringCase("access-control-allow-origin")
                .endsWith("\r\n\r\na");
        assertThat(meters.get("boardwalk_http_seconds")
                        .tags("path", "/things/{name}", "status", "200")
                        .timer()
                        .count())
                .isPositive();
    }

    @Test
    void head_answers_like_get_without_a_body() throws Exception {
        assertThat(RawHttp.call(port, "HEAD", "/things/abc"))
                .startsWith("HTTP/1.1 200")
                .endsWith("\r\n\r\n");
    }

    @Test
    void options_tells_the_methods_and_allows_no_other_origin() throws Exception {
        assertThat(RawHttp.call(port, "OPTIONS", "/things/a"))
                .startsWith("HTTP/1.1 204")
                .contains("allow: GET, HEAD, OPTIONS, POST")
                .doesNotContainIgnoringCase("access-control");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            DELETE | /things/a        | 405 | method-not-allowed
            BREW   | /things/a        | 405 | method-not-allowed
            GET    | /nothing/here    | 404 | no-such-page
            POST   | /nothing/here    | 404 | no-such-address
            POST   | /                | 404 | no-such-address
            GET    | /../etc/passwd   | 404 | no-such-page
            GET    | /assets/..%2Findex.html | 404 | no-such-page
            GET    | /full            | 507 | database-disk-full
            GET    | /number?n=0      | 400 | invalid-parameter
            GET    | /number?n=x      | 400 | invalid-parameter
            GET    | /number?n=99999999999 | 400 | invalid-parameter
            GET    | /number?n=1&n=2  | 400 | invalid-parameter
            GET    | /number?f=maybe  | 400 | invalid-parameter
            GET    | /number?n=%zz    | 400 | malformed-request
            GET    | /api/v1/projects/p/entities/%zz | 400 | malformed-request
            GET    | /api/v1/projects/p/entities/a%ff | 400 | invalid-name
            GET    | /api/v1/projects/p/entities/a%00b | 400 | invalid-name
            GET    | /api/v1/projects/p/entities/a%2F..%2Fb | 400 | invalid-name
            """)
    void what_cannot_be_answered_is_a_problem_with_a_stable_code(String method, String target, int status, String code)
            throws Exception {
        assertThat(RawHttp.call(port, method, target))
                .startsWith("HTTP/1.1 " + status + " ")
                .containsIgnoringCase("content-type: application/problem+json")
                .contains("\"status\":" + status, "\"code\":\"" + code + "\"", "\"type\":\"about:blank\"");
    }

    @Test
    void a_name_of_256_bytes_is_refused_and_one_of_255_is_not() throws Exception {
        String path = "/api/v1/projects/p/entities/";
        assertThat(RawHttp.call(port, "GET", path + "n".repeat(255))).startsWith("HTTP/1.1 200");
        assertThat(RawHttp.call(port, "GET", path + "n".repeat(256))).contains("400 ", "\"code\":\"invalid-name\"");
    }

    @Test
    void an_escaped_slash_stays_in_the_name_and_escapes_are_decoded_once() throws Exception {
        assertThat(RawHttp.call(port, "GET", "/api/v1/projects/p%20q/entities/a%2Fb%2541"))
                .endsWith("1/p q/a/b%41");
    }

    @Test
    void the_whiteboard_is_at_the_root_and_at_every_board() throws Exception {
        String page = RawHttp.call(port, "GET", "/");
        assertThat(page)
                .startsWith("HTTP/1.1 200")
                .containsIgnoringCase("content-type: text/html; charset=utf-8")
                .containsIgnoringCase("cache-control: no-cache")
                .contains("Content-Security-Policy: default-src 'self'", "<div id=\"root\">");
        assertThat(RawHttp.call(port, "GET", "/board/default/a/b")).contains("<div id=\"root\">");
        String tag = page.lines()
                .filter(line -> line.startsWith("etag: "))
                .findFirst()
                .orElseThrow();
        assertThat(RawHttp.call(port, "GET", "/", tag.replace("etag", "If-None-Match")))
                .startsWith("HTTP/1.1 304")
                .endsWith("\r\n\r\n");
    }

    @Test
    void files_with_a_hash_in_their_names_are_kept_for_ever_and_sent_compressed() throws Exception {
        Matcher script = Pattern.compile("/assets/[\\w.-]+\\.js").matcher(RawHttp.call(port, "GET", "/"));
        assertThat(script.find()).isTrue();
        assertThat(RawHttp.call(port, "GET", script.group(), "Accept-Encoding: gzip, br"))
                .startsWith("HTTP/1.1 200")
                .containsIgnoringCase("content-type: text/javascript; charset=utf-8")
                .contains("immutable", "content-encoding: gzip");
    }

    @Test
    void a_bug_is_a_500_that_tells_nothing_of_the_inside() throws Exception {
        assertThat(RawHttp.call(port, "GET", "/bug"))
                .startsWith("HTTP/1.1 500")
                .contains("\"code\":\"internal\"")
                .doesNotContain("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Host: evil.example", "Host: 127.0.0.1.evil.example:80", "Host: 10.0.0.1", "Host:"})
    void another_host_name_is_refused(String host) throws Exception {
        assertThat(RawHttp.call(port, "GET", "/things/a", host)).contains("403 ", "\"code\":\"host-refused\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Host: localhost", "Host: LOCALHOST:8080", "Host: [::1]:80", "Host: 127.0.0.2"})
    void every_name_of_this_machine_is_fine(String host) throws Exception {
        assertThat(RawHttp.call(port, "GET", "/things/a", host)).startsWith("HTTP/1.1 200");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://evil.example", "null", "http://localhost.evil.example", "http://", "%"})
    void pages_of_other_sites_are_refused(String origin) throws Exception {
        assertThat(RawHttp.call(port, "POST", "/things/a", "Origin: " + origin, "Content-Length: 0"))
                .contains("403 ", "\"code\":\"origin-refused\"");
    }

    @Test
    void pages_of_this_machine_may_call_whatever_their_port() throws Exception {
        assertThat(RawHttp.call(port, "GET", "/things/a", "Origin: http://localhost:5173"))
                .startsWith("HTTP/1.1 200");
    }

    @Test
    void a_body_at_the_limit_is_read_and_one_above_is_refused_however_it_comes() throws Exception {
        assertThat(post("Content-Length: 2048", "x".repeat(2048))).endsWith("length=2048");
        assertThat(post("Content-Length: 2049", "x".repeat(2049))).contains("413 ", "\"code\":\"request-too-large\"");
        assertThat(post("Content-Length: 99999999999999999999", "x")).contains("400 ");
        String chunk = "400\r\n" + "x".repeat(1024) + "\r\n";
        assertThat(post("Transfer-Encoding: chunked", chunk.repeat(2) + "0\r\n\r\n"))
                .endsWith("length=2048");
        assertThat(post("Transfer-Encoding: chunked", chunk.repeat(3) + "0\r\n\r\n"))
                .contains("413 ");
    }

    @Test
    void a_body_that_nests_too_deeply_is_refused_before_it_is_parsed() throws Exception {
        assertThat(post("Content-Length: 16", "[".repeat(8) + "]".repeat(8))).endsWith("length=16");
        assertThat(post("Content-Length: 18", "[".repeat(9) + "]".repeat(9)))
                .contains("400 ", "\"code\":\"json-too-deep\"");
        String text = "{\"a\": \"[[[[[[[[[[[\\\"[[[[\"}";
        assertThat(post("Content-Length: " + text.length(), text)).endsWith("length=" + text.length());
        assertThat(post("Content-Type: application/octet-stream\r\nContent-Length: 9", "[".repeat(9)))
                .endsWith("length=9");
        assertThat(meters.get("boardwalk_refused_total")
                        .tag("reason", "json-too-deep")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void bodies_of_many_requests_are_bounded_together() throws Exception {
        try (Socket slow = new Socket(InetAddress.getLoopbackAddress(), port)) {
            slow.getOutputStream()
                    .write(("POST /things/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2048\r\n\r\n"
                                    + "x".repeat(2000))
                            .getBytes(StandardCharsets.US_ASCII));
            await().until(() -> meters.get("boardwalk_request_bytes").gauge().value() == 2000);
            assertThat(post("Content-Length: 2000", "x".repeat(2000))).contains("503 ", "\"code\":\"overloaded\"");
            assertThat(post("Content-Length: 900", "x".repeat(900))).endsWith("length=900");
        }
        await().until(() -> meters.get("boardwalk_request_bytes").gauge().value() == 0);
    }

    private static String post(String header, String body) throws Exception {
        return RawHttp.exchange(
                port,
                "POST /things/a HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + header + "\r\n\r\n" + body);
    }
}
