package dev.warder.exchange;

import dev.warder.config.InvalidValueException;
import dev.warder.config.Setting;
import dev.warder.config.SettingReader;
import dev.warder.config.ValueSyntax;
import dev.warder.exchange.up.Deadlines.Timeouts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The bounds of exchanges, settings {@code limits.*}, {@code timeouts.*}, {@code stream.*} and {@code drain.*}. Immutable,
 * so thread-safe.
 *
 * @param keepAlive silence on an event stream before a comment is sent; zero is never
 * @param drainFile the file whose existence starts draining
 */
public record ProxySettings(Limits limits, Timeouts timeouts, Duration keepAlive, Optional<Path> drainFile) {
    public static ProxySettings read(SettingReader settings) {
        var read = new ProxySettings(
                Limits.read(settings),
                Timeouts.read(settings),
                settings.read(Setting.STREAM_KEEP_ALIVE, Duration.ZERO, ValueSyntax::durationOrZero),
                settings.find(Setting.DRAIN_FILE, ValueSyntax::path));
        if (read.drainFile().filter(Files::exists).isPresent()) {
            settings.warning(Setting.DRAIN_FILE, "the file exists already, so this node starts draining");
        }
        return read;
    }

    /**
     * The most that Warder takes upon itself, settings {@code limits.*}. Immutable, so thread-safe.
     *
     * @param body bytes of one collected body, inclusive, at least 1
     * @param memory bytes of all collected bodies in flight, at least 1 MiB; less than {@code body} is allowed
     * @param memoryWait the longest wait for that memory
     * @param streams open exchanges, at least 1
     * @param clientMemory bytes of all collected bodies of one client, at least 1
     * @param clientStreams open exchanges of one client, at least 1
     * @param event bytes of one event of a stream where events are rewritten, at least 1 KiB
     */
    public record Limits(
            long body, long memory, Duration memoryWait, int streams, long clientMemory, int clientStreams, int event) {
        private static final long LEAST_MEMORY = 1 << 20;
        private static final int LEAST_STREAMS = 100;

        /** Bytes of heap for what is neither a body nor an exchange: at least this, and at least a part of the heap. */
        private static final long OTHER_MEMORY = 130L << 20;

        private static final int OTHER_PART = 4;
        private static final int LEAST_EVENT = 1 << 10;
        private static final int MOST_EVENT = 1 << 30;

        /** Takes the place of a duration that has a problem, until all problems are collected. */
        private static final Duration STAND_IN = Duration.ofSeconds(1);

        static Limits read(SettingReader settings) {
            long body = settings.read(Setting.LIMITS_BODY, 1L, text -> ValueSyntax.size(text, settings.maxMemory(), 1));
            long memory = settings.read(
                    Setting.LIMITS_MEMORY,
                    LEAST_MEMORY,
                    text -> ValueSyntax.size(text, settings.maxMemory(), LEAST_MEMORY));
            compare(body, memory, settings);
            int streams = streams(memory, settings);
            return new Limits(
                    body,
                    memory,
                    settings.read(Setting.LIMITS_MEMORY_WAIT, STAND_IN, ValueSyntax::duration),
                    streams,
                    settings.read(
                            Setting.LIMITS_CLIENT_MEMORY,
                            1L,
                            text -> ValueSyntax.sizeOrPart(text, memory, Setting.LIMITS_MEMORY)),
                    settings.read(
                            Setting.LIMITS_CLIENT_STREAMS,
                            1,
                            text -> ValueSyntax.countOrPart(text, streams, Setting.LIMITS_STREAMS)),
                    settings.read(Setting.LIMITS_EVENT, LEAST_EVENT, text -> eventSize(text, settings.maxMemory())));
        }

        /** Where the operator has set no limit, it is no more than fits in the heap. */
        private static int streams(long memory, SettingReader settings) {
            int streams = settings.read(Setting.LIMITS_STREAMS, 1, ValueSyntax::count);
            if (settings.isGiven(Setting.LIMITS_STREAMS) || settings.exchangeMemory() == 0) {
                return streams;
            }
            long other = Math.max(OTHER_MEMORY, settings.maxMemory() / OTHER_PART);
            // A collector that has less than a fifth to spare takes the whole processor.
            long live = settings.maxMemory() / 5 * 4;
            long fit = Math.max(LEAST_STREAMS, (live - memory - other) / settings.exchangeMemory());
            if (fit < streams) {
                settings.note(Setting.LIMITS_STREAMS, "is " + fit + ", since no more fit in the heap of this server");
            }
            return (int) Math.min(fit, streams);
        }

        private static void compare(long body, long memory, SettingReader settings) {
            if (body > memory) {
                settings.warning(
                        Setting.LIMITS_BODY, "is larger than limits.memory; a body of that size takes all of it");
            } else if (body > memory / 2) {
                settings.note(
                        Setting.LIMITS_BODY, "is more than half of limits.memory, which a gzip body can take twice");
            }
            if (memory > settings.maxMemory()) {
                settings.warning(Setting.LIMITS_MEMORY, "is larger than the heap can grow");
            }
        }

        private static int eventSize(String text, long maxMemory) throws InvalidValueException {
            long size = ValueSyntax.size(text, maxMemory, LEAST_EVENT);
            if (size > MOST_EVENT) {
                throw new InvalidValueException("must be at most 1g");
            }
            return (int) size;
        }
    }
}
