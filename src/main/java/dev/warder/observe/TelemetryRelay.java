package dev.warder.observe;

import dev.warder.http.RetryAfter;
import dev.warder.observe.OtlpSettings.Signal;
import dev.warder.upstream.Outbound;
import dev.warder.upstream.ServiceClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes the telemetry of clients on to the operator's collector, as it came, on threads of its own. Each has a connection, and one
 * message of a client is sent at a time, so that one on which the collector hangs delays its client only. A header field names the
 * client: an attribute of the resource would need every message decoded, changed and coded again. A message is sent again as the
 * OTLP specification asks for: after 429, 502, 503, 504 or a lost connection, with a back-off that doubles from 1 s to 30 s, or after
 * the collector's {@code Retry-After}; up to 5 minutes after it was offered, however much of that it waited for others, so that the
 * queue has what is new when the collector is away for longer. What has no room in the queue is dropped and counted. The log has one
 * line when messages begin to be dropped, and one when the collector accepts them again. Thread-safe.
 */
public final class TelemetryRelay implements AutoCloseable {
    /** Why a message was dropped. */
    public enum Drop {
        FULL,
        /** The collector refused it for good. */
        REFUSED,
        LATE,
        STOPPED;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The longest time of one exchange with the collector. */
    static final Duration LIMIT = Duration.ofSeconds(10);

    /** After these a message is sent again; 0 stands for a lost connection. */
    private static final Set<Integer> TEMPORARY = Set.of(0, 429, 502, 503, 504);

    private static final String CLIENT = "X-Warder-Client";

    private static final Logger LOG = LoggerFactory.getLogger(TelemetryRelay.class);
    private static final RelayQueue.Limits LIMITS = new RelayQueue.Limits(1_000, 16L << 20);
    private static final long FIRST_DELAY = Duration.ofSeconds(1).toNanos();
    private static final long LONGEST_DELAY = Duration.ofSeconds(30).toNanos();
    private static final long LONGEST_TIME = Duration.ofMinutes(5).toNanos();
    private static final long IDLE = Duration.ofSeconds(20).toNanos();
    private static final long CALM = Duration.ofMinutes(1).toNanos();
    private static final int MOST_DOUBLINGS = 5;

    private static final int SENDERS = 4;

    private final OtlpSettings settings;
    private final List<Sender> senders;
    private final RelayQueue queue;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final RandomGenerator random;
    private final AtomicLong relayed = new AtomicLong();
    private final Map<Drop, AtomicLong> dropped = new EnumMap<>(Drop.class);
    private final AtomicBoolean dropping = new AtomicBoolean();
    private volatile long lastDrop;

    /**
     * Nothing is sent before {@link #start}.
     *
     * @param outbound the way to the collector
     * @param threads makes its threads and those of the HTTP clients
     * @param nanoTime a clock that never goes back
     * @param random spreads the times of retries
     */
    public TelemetryRelay(
            OtlpSettings settings,
            Outbound outbound,
            ThreadFactory threads,
            InstantSource clock,
            LongSupplier nanoTime,
            RandomGenerator random) {
        this.settings = settings;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.random = random;
        this.queue = new RelayQueue(LIMITS, nanoTime);
        this.senders = Stream.generate(() -> new Sender(outbound, threads))
                .limit(SENDERS)
                .toList();
        for (var why : Drop.values()) {
            dropped.put(why, new AtomicLong());
        }
    }

    public boolean takes(Signal signal) {
        return settings.relay().contains(signal);
    }

    public void start() {
        senders.forEach(sender -> sender.thread.start());
    }

    /** Puts a message into the queue, or counts it as dropped if it has no room there. Never waits. */
    public void offer(Message message) {
        if (!queue.offer(message)) {
            drop(Drop.FULL, "the queue is full");
        }
    }

    /** Messages that the collector has accepted; never falls. */
    public long relayed() {
        return relayed.get();
    }

    /** Messages that were dropped for this reason; never falls. */
    public long dropped(Drop why) {
        return count(why).get();
    }

    public int waiting() {
        return queue.messages();
    }

    /** The bytes of the messages that wait. */
    public long waitingBytes() {
        return queue.bytes();
    }

    @Override
    public void close() {
        int left = queue.close();
        count(Drop.STOPPED).addAndGet(left);
        for (var sender : senders) {
            sender.collector.close();
            sender.thread.interrupt();
        }
        if (left > 0) {
            LOG.info("otlp.relay: {} messages of clients were not sent before the stop", left);
        }
    }

    /** A thread and its connection to the collector. One thread at a time; {@code close} from any thread. */
    private final class Sender {
        private final ServiceClient collector;
        private final Thread thread;

        Sender(Outbound outbound, ThreadFactory threads) {
            collector = new ServiceClient(outbound, threads, LIMIT, ServiceClient.SHORT);
            thread = threads.newThread(this::run);
        }

        private void run() {
            try {
                while (!queue.isClosed()) {
                    var next = queue.take(IDLE);
                    if (next.isPresent()) {
                        sendGuarded(next.get());
                    } else {
                        collector.release();
                    }
                }
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException | Error fault) {
                LOG.error("The relay of telemetry has failed", fault);
                throw fault;
            } finally {
                collector.release();
            }
        }

        /** A fault, such as a lack of memory, must not end the relay: the message is sent again. */
        private void sendGuarded(RelayQueue.Entry entry) {
            try {
                send(entry);
            } catch (RuntimeException | Error fault) {
                LOG.error("A message of a client could not be passed on", fault);
                collector.release();
                retry(entry, "was not reached", RetryAfter.NONE);
            }
        }

        private void send(RelayQueue.Entry entry) {
            var message = entry.message;
            var outcome =
                    collector.send(settings.signal(message.signal()), fields(message), message.type(), message.bytes());
            if (queue.isClosed()) {
                return;
            }
            String failure = failure(outcome);
            if (failure.isEmpty()) {
                queue.remove(entry);
                relayed.incrementAndGet();
                accepted();
            } else if (TEMPORARY.contains(outcome.status())) {
                retry(entry, failure, outcome.retryAfter());
            } else {
                queue.remove(entry);
                drop(Drop.REFUSED, "the collector " + failure);
            }
        }
    }

    /** Why the collector has not accepted a message, for operators; empty if it has. */
    static String failure(ServiceClient.Outcome outcome) {
        boolean refused = outcome.failure().isEmpty() && outcome.status() / 100 != 2;
        return refused ? "returned " + outcome.status() : outcome.failure();
    }

    private void retry(RelayQueue.Entry entry, String failure, RetryAfter retryAfter) {
        long own = delay(entry.tries);
        long delay = retryAfter
                .from(clock.instant())
                .filter(asked -> !asked.isNegative())
                .map(asked -> Math.max(nanos(asked), own))
                .orElse(own);
        entry.tries++;
        if (nanoTime.getAsLong() + delay - entry.came > LONGEST_TIME) {
            queue.remove(entry);
            drop(Drop.LATE, "the collector " + failure);
        } else {
            queue.delay(entry, delay);
        }
    }

    private long delay(int tries) {
        long whole = Math.min(LONGEST_DELAY, FIRST_DELAY << Math.min(tries, MOST_DOUBLINGS));
        return whole / 2 + random.nextLong(whole / 2 + 1);
    }

    private static long nanos(Duration wait) {
        return wait.compareTo(Duration.ofNanos(LONGEST_TIME)) > 0 ? LONGEST_TIME : wait.toNanos();
    }

    private Map<String, String> fields(Message message) {
        var fields = new LinkedHashMap<>(settings.fields());
        message.coding().ifPresent(coding -> fields.put("Content-Encoding", coding));
        fields.put(CLIENT, message.client());
        return fields;
    }

    private void drop(Drop why, String cause) {
        count(why).incrementAndGet();
        lastDrop = nanoTime.getAsLong();
        if (!dropping.getAndSet(true)) {
            LOG.warn("otlp.relay: telemetry of clients is dropped, because {}", cause);
        }
    }

    /** Waits a while before it reports that, since one client may have no room while others have. */
    private void accepted() {
        if (dropping.get() && nanoTime.getAsLong() - lastDrop > CALM) {
            dropping.set(false);
            LOG.info("otlp.relay: the collector accepts all telemetry of clients again");
        }
    }

    private AtomicLong count(Drop why) {
        return Objects.requireNonNull(dropped.get(why));
    }

    /**
     * Telemetry of a client as it came, to be passed on. The array belongs to the message and is not changed.
     *
     * @param client the client's configured name, by which the room in the queue is shared
     * @param type the media type: {@code application/x-protobuf} or {@code application/json}
     * @param coding the content coding of the bytes, if they have one
     */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    public record Message(Signal signal, String client, String type, Optional<String> coding, byte[] bytes) {
        public Message with(byte[] content) {
            return new Message(signal, client, type, coding, content);
        }

        @Override
        public String toString() {
            return signal.word() + ", " + bytes.length + " bytes";
        }
    }
}
