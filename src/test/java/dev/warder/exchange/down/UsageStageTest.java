package dev.warder.exchange.down;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.auth.Client;
import dev.warder.auth.Gate;
import dev.warder.auth.Gates;
import dev.warder.auth.Inquiry;
import dev.warder.auth.Meter;
import dev.warder.auth.Meters;
import dev.warder.auth.Verdict;
import dev.warder.body.Bodies;
import dev.warder.exchange.down.ResponseSink.Flow;
import dev.warder.exchange.down.UpstreamResponse.UpstreamHead;
import dev.warder.http.ErrorReply;
import dev.warder.record.Records;
import dev.warder.record.RequestEnd;
import dev.warder.record.RequestRecord;
import dev.warder.testkit.Messages;
import dev.warder.usage.UsageCounts;
import dev.warder.usage.Usages;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.impl.BasicEntityDetails;
import org.apache.hc.core5.http.message.BasicHttpResponse;
import org.junit.jupiter.api.Test;

class UsageStageTest {
    private static final Flow NO_FLOW = taken -> {};

    private final List<UsageCounts> usages = new ArrayList<>();
    private Runnable onUsage = () -> {};
    private final UsageStage stage = new UsageStage(Usages.newTry(), meters(), new Caller());

    /** As by another thread: the piece is read to its end, so that the decoder must not be closed. */
    @Test
    void aFailureDuringAPieceLeavesTheDecoderOpen() {
        onUsage = () -> stage.failed(new Failure(ErrorReply.internal(), RequestEnd.CLIENT_GONE));
        byte[] coded = Bodies.gzip(String.join("", Messages.stream("x".repeat(20_000))));
        var response = new BasicHttpResponse(200);
        response.addHeader("Content-Encoding", "gzip");
        var content = new BasicEntityDetails(-1, ContentType.TEXT_EVENT_STREAM);
        stage.head(UpstreamHead.of(response, content, false), NO_FLOW);
        stage.piece(coded, coded.length);
        assertThat(usages).extracting(UsageCounts::output).containsExactly(1L, 5L);
    }

    private Meters meters() {
        RequestRecord record = Records.message(() -> 0);
        var passage = new Gates(List.of(new Metered()), () -> 0).passage(record);
        var inquiry = new Inquiry(record.call(), Client.OPEN, false, Optional.empty(), List.of(), Optional.empty());
        passage.ask(inquiry, EnumSet.allOf(Gate.Needs.class));
        return passage.meters();
    }

    /** Grants everything with a meter that keeps what it is told. */
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
            return Optional.empty();
        }
    }

    private final class Caller implements ResponseSink {
        @Override
        public void head(ResponseHead head, Flow flow) {}

        @Override
        public void piece(byte[] piece, int read) {}

        @Override
        public void end() {}

        @Override
        public void failed(Failure failure) {}
    }
}
