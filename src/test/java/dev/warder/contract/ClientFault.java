package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/** What a client can do wrong, or do oddly and still be right. The upstream behind the gateway is honest. */
enum ClientFault {
    LEAVES_BEFORE_ITS_FIRST_BYTE,
    RESETS_BEFORE_ITS_FIRST_BYTE,
    LEAVES_INSIDE_THE_HEAD,
    RESETS_INSIDE_THE_BODY,
    RESETS_BEFORE_THE_RESPONSE,
    HALF_CLOSES_AFTER_THE_REQUEST,
    DRIPS_ITS_REQUEST,
    SENDS_TEN_THOUSAND_FIELDS,
    SENDS_A_BINARY_HEAD,
    SPEAKS_TLS_TO_A_PLAIN_PORT,
    SPEAKS_HTTP_2_WITHOUT_ASKING,
    SPEAKS_HTTP_0_9,
    ASKS_FOR_A_WEB_SOCKET,
    SENDS_MORE_THAN_ITS_LENGTH,
    SENDS_CHUNKS_OF_ONE_BYTE,
    SENDS_A_CHUNK_EXTENSION_OF_A_MEBIBYTE,
    SENDS_TEN_THOUSAND_TRAILER_FIELDS;

    private static final String BODY = "{\"model\":\"claude-x\",\"max_tokens\":9,\"nonce\":\"honest-7\"}";

    /** Misbehaves on this connection, and checks what comes back where something is owed. */
    void commit(RawClient client) throws Exception {
        switch (this) {
            case LEAVES_BEFORE_ITS_FIRST_BYTE -> client.finishSending();
            case RESETS_BEFORE_ITS_FIRST_BYTE -> client.reset();
            case LEAVES_INSIDE_THE_HEAD -> refusedOrClosed(finished(client.send("POST /v1/messages HT")));
            case RESETS_INSIDE_THE_BODY -> {
                client.send(Contract.message(BODY).head()).send(BODY.substring(0, 9));
                client.reset();
            }
            case RESETS_BEFORE_THE_RESPONSE -> client.send(honest()).reset();
            case HALF_CLOSES_AFTER_THE_REQUEST -> served(finished(client.send(honest())));
            case DRIPS_ITS_REQUEST -> {
                for (byte one : honest().bytes()) {
                    client.send(new byte[] {one});
                }
                served(client);
            }
            case SENDS_TEN_THOUSAND_FIELDS ->
                refusedOrClosed(send(
                        client, "POST /v1/messages HTTP/1.1\r\nHost: x\r\n" + "X-Fill: y\r\n".repeat(10_000) + "\r\n"));
            case SENDS_A_BINARY_HEAD ->
                refusedOrClosed(client.send(new byte[] {0, 1, 2, (byte) 0xff, (byte) 0xfe, 13, 10, 13, 10}));
            case SPEAKS_TLS_TO_A_PLAIN_PORT ->
                refusedOrClosed(finished(client.send(new byte[] {0x16, 3, 1, 0, 5, 1, 0, 0, 1, 3})));
            case SPEAKS_HTTP_2_WITHOUT_ASKING ->
                refusedOrClosed(finished(client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0")));
            case SPEAKS_HTTP_0_9 -> refusedOrClosed(finished(client.send("GET /v1/models\r\n\r\n")));
            case ASKS_FOR_A_WEB_SOCKET ->
                served(client.send(honest().field("Connection", "Upgrade").field("Upgrade", "websocket")));
            case SENDS_MORE_THAN_ITS_LENGTH -> {
                served(client.send(honest()).send("more\r\n\r\n"));
                refusedOrClosed(client);
            }
            case SENDS_CHUNKS_OF_ONE_BYTE -> {
                chunkedHead(client);
                for (byte one : BODY.getBytes(StandardCharsets.UTF_8)) {
                    client.sendChunk(new byte[] {one});
                }
                client.sendChunk(new byte[0]);
                served(client);
            }
            case SENDS_A_CHUNK_EXTENSION_OF_A_MEBIBYTE -> {
                chunkedHead(client);
                refusedOrClosed(send(client, "1;" + "x".repeat(1 << 20) + "\r\n{\r\n"));
            }
            case SENDS_TEN_THOUSAND_TRAILER_FIELDS -> {
                chunkedHead(client);
                client.sendChunk(BODY.getBytes(StandardCharsets.UTF_8));
                refusedOrClosed(send(client, "0\r\n" + "X-Trailer: y\r\n".repeat(10_000) + "\r\n"));
            }
        }
    }

    private static RawRequest honest() {
        return Contract.message(BODY);
    }

    private static void chunkedHead(RawClient client) throws IOException {
        client.send(RawRequest.of("POST", "/v1/messages")
                .field("x-api-key", Contract.ACCESS_TOKEN)
                .field("Transfer-Encoding", "chunked")
                .head());
    }

    /** Sends as much as the other side takes. */
    private static RawClient send(RawClient client, String text) {
        try {
            client.send(text);
        } catch (IOException closed) {
            // The response, where there is one, is looked at next.
        }
        return client;
    }

    private static RawClient finished(RawClient client) throws IOException {
        client.finishSending();
        return client;
    }

    private static void served(RawClient client) throws IOException {
        var response = client.readResponse();
        assertThat(response.status()).as("%s", response).isEqualTo(200);
        assertThat(response.text()).contains("honest-7");
    }

    /** A refusal, or a close without one; never a success. */
    private static void refusedOrClosed(RawClient client) throws IOException {
        try {
            var response = client.readResponse();
            assertThat(response.status()).as("%s", response).isBetween(400, 505);
            Refusal.showsNothingPresented(response);
        } catch (EOFException | SocketException closed) {
            // A response is not owed.
        }
    }
}
