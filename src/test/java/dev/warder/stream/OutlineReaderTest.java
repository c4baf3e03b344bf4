package dev.warder.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.stream.OutlineReader.MessageOutline;
import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutlineReaderTest {
    private static final int LIMIT = 100;
    private static final String STREAM = "﻿: comment\nevent: ping\ndata: 1\n\nevent:message_delta\ndata: {\"type\":"
            + "\ndata:\"message_delta\",\"usage\":{\"n\":2}}\n\ndata: " + delta(4)
            + "\n\nevent: content_block_delta\ndata: "
            + "x".repeat(1_000) + "\n\ndata: 5\r\nevent: ping\r\n\r\ndata: " + delta(6)
            + "\revent: message_delta\r\rid: 9\nevent: error\n\nevent: error\ndata\n\nevent: message_delta\ndata: "
            + delta(7);
    private static final List<String> EVENTS = List.of("2", "4", "piece", "6", "unreadable", "7");

    private final List<String> events = new ArrayList<>();
    private final OutlineReader reader = new OutlineReader(LIMIT, new MessageOutline() {
        @Override
        public void piece() {
            events.add("piece");
        }

        @Override
        public void start(JsonObject message) {}

        @Override
        public void messageDelta(JsonObject delta, JsonObject usage) {
            events.add(usage.get("n").toString());
        }

        @Override
        public void stop() {}

        @Override
        public void error(JsonObject event) {}

        @Override
        public void unreadable() {
            events.add("unreadable");
        }
    });

    @Test
    void readsEventsOfTheOutlineAndThoseWithoutAName() {
        feed(STREAM, Integer.MAX_VALUE);
        assertThat(events).isEqualTo(EVENTS);
    }

    @Test
    void readsTheSameHoweverItIsCut() {
        for (int size = 1; size < 60; size++) {
            events.clear();
            feed(STREAM, size);
            assertThat(events).as("pieces of " + size).isEqualTo(EVENTS);
        }
    }

    @Test
    void reportsWhatIsTooLargeAndGoesOn() {
        String large = "x".repeat(LIMIT + 1);
        for (int size : List.of(1, 50, 101, 1_000)) {
            events.clear();
            feed(
                    "event: error\ndata: " + large + "\n\nevent: ping\ndata: " + large + "\n\ndata: " + delta(1)
                            + "\n\n",
                    size);
            assertThat(events).as("pieces of " + size).containsExactly("unreadable", "1");
        }
    }

    @Test
    void aLimitIsForTheWholeDataOfAnEvent() {
        feed("data: " + " ".repeat(60) + "\ndata: " + delta(0) + " \n\ndata: " + delta(1) + "\n\n", 7);
        assertThat(events).containsExactly("unreadable", "1");
    }

    @Test
    void theLastNameOfAnEventDecidesAndOnlyItsDataCounts() {
        feed(
                "event: ping\ndata: x\nevent: message_delta\ndata: " + delta(1)
                        + "\n\nevent: ping\ndata: x\nevent: error\n\n",
                7);
        assertThat(events).containsExactly("1");
    }

    private static String delta(int n) {
        return "{\"type\":\"message_delta\",\"usage\":{\"n\":" + n + "}}";
    }

    /** The same reader each time: the end of one stream is the beginning of the next. */
    private void feed(String stream, int size) {
        byte[] bytes = stream.getBytes(UTF_8);
        for (int from = 0; from < bytes.length; from += Math.min(size, bytes.length)) {
            reader.feed(bytes, from, Math.min(size, bytes.length - from));
        }
        reader.end();
    }
}
