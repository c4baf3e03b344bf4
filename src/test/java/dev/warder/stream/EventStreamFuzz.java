package dev.warder.stream;

import dev.warder.stream.SseReader.EventTooLargeException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The reader and the guard of an event stream agree with a plain parser, wherever the stream is cut. */
public final class EventStreamFuzz {
    private static final int LIMIT = 1 << 16;

    private EventStreamFuzz() {}

    /** What one way of reading found. */
    private record Found(List<SseEvent> events, List<SseEvent> read, boolean between, boolean within, boolean ended) {}

    /** The first byte is the length of the pieces; the rest is a stream. */
    public static void fuzzerTestOneInput(byte[] data) throws EventTooLargeException {
        if (data.length == 0 || data.length > LIMIT) {
            return;
        }
        byte[] stream = Arrays.copyOfRange(data, 1, data.length);
        var whole = read(stream, stream.length + 1);
        check(read(stream, 1 + (data[0] & 0xff)).equals(whole), "depends on the cut");
        check(read(stream, 1).equals(whole), "depends on single bytes");
        check(whole.events().equals(whole.read()), "the reader differs from the plain parser");
        check(!(whole.between() && whole.within()), "between events and within a line");
        var terminal = whole.events().stream()
                .anyMatch(event -> event.name().equals("error") || event.name().equals("message_stop"));
        check(terminal == whole.ended(), "the guard misses the end, or sees one that is none");
    }

    private static Found read(byte[] stream, int piece) throws EventTooLargeException {
        var events = new ArrayList<SseEvent>();
        var read = new ArrayList<SseEvent>();
        var parser = new PlainSseParser(LIMIT, events::add);
        var reader = SseReaderTest.readerOfEvents(LIMIT, read);
        var guard = EventStreamGuard.inBytes();
        for (int from = 0; from < stream.length; from += piece) {
            var next = ByteBuffer.wrap(stream, from, Math.min(piece, stream.length - from));
            parser.feed(next);
            reader.feed(stream, from, from + next.remaining());
            guard.follow(Arrays.copyOfRange(stream, from, from + next.remaining()));
        }
        return new Found(events, read, guard.betweenEvents(), guard.withinLine(), guard.terminated());
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
