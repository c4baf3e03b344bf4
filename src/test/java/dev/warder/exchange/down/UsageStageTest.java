package dev.warder.exchange.down;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.auth.Client;
import dev.warder.exchange.down.UpstreamResponse.UpstreamHead;
import dev.warder.gate.Gate;
import dev.warder.gate.Gates;
import dev.warder.gate.Inquiry;
import dev.warder.gate.Meter;
import dev.warder.gate.Meters;
import dev.warder.gate.Verdict;
import dev.warder.http.ErrorReply;
import dev.warder.record.Records;
import dev.warder.record.RequestEnd;
import dev.warder.record.RequestRecord;
import dev.warder.testkit.Messages;
import dev.warder.usage.TryUsage;
import dev.warder.usage.UsageCounts;
import dev.warder.usage.Usages;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.zip.GZIPOutputStream;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.impl.BasicEntityDetails;
import org.apache.hc.core5.http.message.BasicHttpResponse;
import org.junit.jupiter.api.Test;

class UsageStageTest {
    private static final ErrorReply SPENT = ErrorReply.rateLimited("The budget of the test is spent.", 1);
    private static final Flow NO_FLOW = new Flow() {
        @Override
        public void taken(int bytes) {}

        @Override
        public void heldBack(int bytes) {}
    };

    private final List<UsageCounts> usages = new ArrayList<>();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final StringBuilder passed = new StringBuilder();
    private long most = Long.MAX_VALUE;
    private Runnable onUsage = () -> {};
    private final TryUsage usage = Usages.newTry();
    private final UsageStage stage = new UsageStage(usage, meters(), new Caller());

    /** As by another thread: the piece is read to its end, so that the decoder must not be closed. */
    @Test
    void aFailureDuringAPieceLeavesTheDecoderOpen() throws IOException {
        onUsage = () -> stage.failed(new Failure(ErrorReply.internal(), RequestEnd.CLIENT_GONE));
        var coded = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(coded)) {
            gzip.write(String.join("", Messages.stream("x".repeat(20_000))).getBytes(UTF_8));
        }
        var response = new BasicHttpResponse(200);
        response.addHeader("Content-Encoding", "gzip");
        var content = new BasicEntityDetails(-1, ContentType.TEXT_EVENT_STREAM);
        stage.head(UpstreamHead.of(response, content, false), NO_FLOW);
        stage.piece(coded.toByteArray(), coded.size());
        assertThat(usages).extracting(UsageCounts::output).containsExactly(1L, 5L);
    }

    private Meters meters() {
        RequestRecord record = Records.message(() -> 0);
        var passage = new Gates(List.of(new Metered()), () -> 0).passage(record);
        var inquiry = new Inquiry(
                record.call(), Client.OPEN, false, Optional.empty(), List.of(), OptionalLong.empty(), Optional.empty());
        passage.ask(inquiry, EnumSet.allOf(Gate.Needs.class));
        return passage.meters();
    }

    /** Grants everything with a meter that cuts above {@code most} tokens. */
    private final class Metered implements Gate, Meter {
        @Override
        public Needs needs() {
            return Needs.HEAD;
        }

        @Override
        public Verdict ask(Inquiry inquiry) {
            return Verdict.granted(this);
        }

        @Override
        public boolean readsUsage() {
            return true;
        }

        @Override
        public Optional<ErrorReply> usage(UsageCounts soFar) {
            usages.add(soFar);
            onUsage.run();
            return soFar.prompt() + soFar.output() > most ? Optional.of(SPENT) : Optional.empty();
        }
    }

    private final class Caller implements ResponseSink {
        @Override
        public void head(ResponseHead head, Flow flow) {
            passed.append(head.status()).append(' ');
        }

        @Override
        public void piece(byte[] piece, int read) {
            passed.append(new String(piece, UTF_8));
            bytes.writeBytes(piece);
        }

        @Override
        public void end() {
            passed.append(" end");
        }

        @Override
        public void failed(Failure failure) {
            passed.append(" failed ").append(failure.reply().status());
        }
    }
}
