package dev.warder.exchange;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.body.MemoryBudget;
import dev.warder.container.ClientStreams;
import dev.warder.container.SerialTurn;
import dev.warder.exchange.down.Flow;
import dev.warder.exchange.down.ResponseHead;
import dev.warder.exchange.up.RequestHead;
import dev.warder.exchange.up.SteppedContainer;
import dev.warder.gate.Gates;
import dev.warder.http.Field;
import dev.warder.record.Records;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an open stream keeps: a stream may go on for an hour, and there may be thousands. */
class StreamHeapTest {
    private static final int MEMORY = 1 << 20;
    private static final int COLLECTIONS = 20;
    private static final byte[] BODY = "{\"model\":\"claude-x\",\"max_tokens\":9,\"stream\":true}".getBytes(US_ASCII);
    private static final UploadGround GROUND = new UploadGround();

    /** Those of the request. */
    private final List<WeakReference<Field>> fields = new ArrayList<>();

    private final MemoryBudget memory = new MemoryBudget(MEMORY);
    private final ProxyContext context = GROUND.context(new Gates(List.of(), () -> 0), memory);
    private final SteppedContainer in = new SteppedContainer(new Random(1), false);
    private final SteppedResponse response = new SteppedResponse(new Random(1), false, Runnable::run, task -> {});

    @AfterAll
    static void close() {
        GROUND.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/messages", "/anthropic/v1/messages"})
    void aStreamKeepsNoFieldOfItsRequest(String path) {
        var exchange = exchange(path);
        exchange.start();
        in.deliver(BODY);
        in.finish();
        assertThat(isKept()).as("before the response").isTrue();
        exchange.response().head(new ResponseHead(200, List.of(), -1, "", true), new NoFlow());
        for (int i = 0; i < COLLECTIONS && isKept(); i++) {
            System.gc();
        }
        assertThat(isKept()).as("during the stream").isFalse();
        assertThat(response.returned()).isZero();
    }

    private boolean isKept() {
        return fields.stream().anyMatch(field -> field.get() != null);
    }

    private Exchange exchange(String path) {
        var field = new Field("X-Field", "1");
        fields.add(new WeakReference<>(field));
        return UploadGround.exchange(
                context,
                Records.post(path, () -> 0),
                UploadGround.decisions(),
                new RequestHead("POST", "/v1/messages", List.of(field), -1, true, ""),
                SerialTurn.taken(SerialTurn.Threads.of(Runnable::run)),
                response.async(),
                new ClientStreams(in, response.out(), Runnable::run));
    }

    /** Of an upstream that sends as much as it likes. */
    private static final class NoFlow implements Flow {
        @Override
        public void taken(int bytes) {}

        @Override
        public void heldBack(int bytes) {}
    }
}
