package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Digested;
import dev.warder.testkit.Messages;
import dev.warder.testkit.Script;
import org.junit.jupiter.api.Test;

/** The line from end to end, once in each of its ways. */
@OnEachContainer
class RelayContract extends Contract {
    @Test
    void answersAMessage() throws Exception {
        var container = deploy(deployment());
        upstream.script(json(200, Messages.message("hello")));
        assertText(200, exchange(container, message("{\"model\":\"claude-x\",\"max_tokens\":1}")))
                .isEqualTo(Messages.message("hello"));
        var sent = upstream.take();
        assertThat(sent.text()).isEqualTo("{\"model\":\"claude-x\",\"max_tokens\":1}");
        assertThat(sent.fields().values("x-api-key")).containsExactly(MANAGED_KEY);
    }

    @Test
    void deliversTheFirstEventBeforeTheSecondIsWritten() throws Exception {
        var container = deploy(deployment());
        var firstRead = latch();
        upstream.script(Script.events(Messages.event("ping", "{\"type\":\"ping\"}"), firstRead, Messages.end()));
        var client = closing(connect(container));
        client.send(message("{\"model\":\"claude-x\",\"stream\":true}")).readHead();
        assertThat(client.readEvent().orElseThrow().name()).isEqualTo("ping");
        firstRead.countDown();
        assertThat(client.readEvent().orElseThrow().name()).isEqualTo("content_block_stop");
        assertThat(client.readEvent().orElseThrow().name()).isEqualTo("message_delta");
        assertThat(client.readEvent().orElseThrow().name()).isEqualTo("message_stop");
        assertThat(client.readEvent()).isEmpty();
    }

    @Test
    void relaysAnUploadPieceByPiece() throws Exception {
        var container = deploy(deployment());
        upstream.script((request, reply) -> reply.json(200, Long.toString(request.crc32c())));
        byte[] upload = "0123456789abcdef".repeat(320_000).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        assertText(200, exchange(container, authenticated("POST", "/v1/files").body(upload)))
                .isEqualTo(Long.toString(Digested.crc32c(upload)));
        assertThat(upstream.take().length()).isEqualTo(upload.length);
    }
}
