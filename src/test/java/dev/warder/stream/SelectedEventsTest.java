package dev.warder.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SelectedEventsTest {
    private static final int LIMIT = 100;
    private static final String STREAM = "﻿: comment\nevent: no\ndata: 1\n\nevent:yes\ndata: 2\ndata:3\n\n"
            + "data: 4\n\nevent: no\ndata: " + "x".repeat(1_000) + "\n\ndata: 5\r\nevent: no\r\n\r\n"
            + "data: 6\revent: yes\r\rid: 9\nevent: yes\n\nevent: yes\ndata\n\nevent: yes\ndata: 7";
    private static final List<String> EVENTS = List.of("2\n3", "4", "6", "", "7");

    private final List<String> names = new ArrayList<>();
    private final List<String> events = new ArrayList<>();
    private final SelectedEvents reader = new SelectedEvents(LIMIT, new SelectedEvents.Listener() {
        @Override
        public boolean selects(byte[] b, int from, int to) {
            String name = new String(b, from, to - from, UTF_8);
            names.add(name);
            return name.equals("yes");
        }

        @Override
        public void event(byte[] b, int from, int to) {
            events.add(new String(b, from, to - from, UTF_8));
        }

        @Override
        public void tooLarge() {
            events.add("too large");
        }
    });

    @Test
    void passesOnWhatIsSelectedAndWhatHasNoName() {
        feed(STREAM, Integer.MAX_VALUE);
        assertThat(events).isEqualTo(EVENTS);
        assertThat(names).containsExactly("no", "yes", "no", "no", "yes", "yes", "yes", "yes");
    }

    @Test
    void passesOnTheSameHoweverItIsCut() {
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
            feed("event: yes\ndata: " + large + "\n\nevent: no\ndata: " + large + "\n\nevent: yes\ndata: 1\n\n", size);
            assertThat(events).as("pieces of " + size).containsExactly("too large", "1");
        }
    }

    @Test
    void aLimitIsForTheWholeDataOfAnEvent() {
        feed("data: " + "x".repeat(60) + "\ndata: " + "x".repeat(60) + "\n\ndata: 1\n\n", 7);
        assertThat(events).containsExactly("too large", "1");
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
