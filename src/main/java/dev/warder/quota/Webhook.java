package dev.warder.quota;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.config.EndpointUrl;
import dev.warder.config.InvalidValueException;
import dev.warder.config.Secret;
import dev.warder.config.Setting;
import dev.warder.config.SettingReader;
import dev.warder.container.Pools;
import dev.warder.policy.PolicySettings;
import dev.warder.upstream.Outbound;
import dev.warder.upstream.ServiceClient;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends notifications to the operator's receiver, on a thread of its own. One is sent again after 408, 429, 5xx, a timeout
 * or a lost connection, with a back-off that doubles from 1 s to 1 min, or after the receiver's {@code Retry-After}; up to
 * 1 h after it was offered. It does not hold up the others meanwhile. A limited number waits: a new one replaces the oldest
 * if there is no room. The log has one line when sending begins to fail, one when notifications begin to be dropped, and one
 * when the receiver accepts them again. Thread-safe.
 */
public final class Webhook implements AutoCloseable {
    /** The result of a notification. */
    public enum Result {
        SENT,
        /** The receiver refused it for good. */
        REFUSED,
        LATE,
        FULL,
        STOPPED;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The most notifications that wait. */
    static final int MOST = 256;

    private static final Logger LOG = LoggerFactory.getLogger(Webhook.class);
    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final long FIRST_DELAY = Duration.ofSeconds(1).toNanos();
    private static final long LONGEST_DELAY = Duration.ofMinutes(1).toNanos();
    private static final Duration LONGEST_TIME = Duration.ofHours(1);
    private static final int MOST_DOUBLINGS = 6;
    private static final long END_MILLIS = 3000;
    private static final long THREAD_END_MILLIS = 1000;

    private final WebhookSettings settings;
    private final ServiceClient receiver;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final RandomGenerator random;
    private final Thread thread;
    private final AtomicBoolean failing = new AtomicBoolean();
    private final AtomicBoolean dropping = new AtomicBoolean();

    @GuardedBy("this")
    private final Map<Result, Long> counts = new EnumMap<>(Result.class);

    /** Each stays here while it is sent. */
    @GuardedBy("this")
    private final Deque<Waiting> entries = new ArrayDeque<>();

    @GuardedBy("this")
    private boolean ending;

    /** A notification, and when it is due. {@code tries} and {@code last} are for the thread that sends. */
    private static final class Waiting {
        final Thresholds.Reached reached;
        final long since;
        long due;
        int tries;
        boolean last;

        Waiting(Thresholds.Reached reached, long now) {
            this.reached = reached;
            since = now;
            due = now;
        }
    }

    /**
     * Nothing is sent before {@link #start}.
     *
     * @param outbound the way to the receiver
     * @param threads makes its thread and those of the HTTP client
     * @param clock the time of day, which is signed
     * @param nanoTime a clock that never goes back
     * @param random spreads the times of retries
     */
    public Webhook(
            WebhookSettings settings,
            Outbound outbound,
            ThreadFactory threads,
            InstantSource clock,
            LongSupplier nanoTime,
            RandomGenerator random) {
        this.settings = settings;
        this.receiver = new ServiceClient(outbound, threads, LIMIT, ServiceClient.SHORT);
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.random = random;
        this.thread = threads.newThread(this::run);
    }

    public void start() {
        thread.start();
    }

    /** Puts a notification into the queue. Never waits. */
    public void offer(Thresholds.Reached reached) {
        String cause = "";
        synchronized (this) {
            if (ending) {
                count(Result.STOPPED, 1);
                cause = "Warder stops";
            } else {
                if (entries.size() >= MOST) {
                    remove(entries.getFirst(), Result.FULL);
                    cause = "too many wait for the receiver";
                }
                entries.add(new Waiting(reached, nanoTime.getAsLong()));
                notifyAll();
            }
        }
        if (!cause.isEmpty()) {
            warnOfDrops(cause);
        }
    }

    /** How many notifications have had this result; never falls. */
    public synchronized long count(Result result) {
        return counts.getOrDefault(result, 0L);
    }

    public synchronized int waiting() {
        return entries.size();
    }

    /** Tries to send what waits, each once and all together for 3 s, and drops the rest. */
    @Override
    public void close() {
        synchronized (this) {
            ending = true;
            notifyAll();
        }
        Pools.awaitEnd(thread, END_MILLIS);
        receiver.close();
        thread.interrupt();
        int left;
        synchronized (this) {
            left = entries.size();
            entries.clear();
            count(Result.STOPPED, left);
        }
        if (left > 0) {
            LOG.warn("budget.webhook: {} notifications were not sent before the stop", left);
        }
        Pools.awaitEnd(thread, THREAD_END_MILLIS);
    }

    private void run() {
        try {
            for (var next = take(); next.isPresent(); next = take()) {
                attempt(next.get());
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } finally {
            receiver.release();
        }
    }

    /** Waits for one that is due. Empty at the end, when none is left. */
    private synchronized Optional<Waiting> take() throws InterruptedException {
        while (true) {
            long now = nanoTime.getAsLong();
            var first = entries.stream().min(Comparator.comparingLong(each -> Math.max(0, each.due - now)));
            long wait = first.map(each -> each.due - now).orElse(Long.MAX_VALUE);
            if (ending || wait <= 0) {
                if (first.isPresent()) {
                    first.get().last = ending;
                }
                return first;
            }
            TimeUnit.NANOSECONDS.timedWait(this, wait);
        }
    }

    /** A fault, such as a lack of memory, must not end the thread: the notification is sent again. */
    private void attempt(Waiting entry) {
        try {
            send(entry);
        } catch (RuntimeException | Error fault) {
            LOG.error("A notification of a budget could not be sent", fault);
            receiver.release();
            retry(entry, "was not reached", Duration.ZERO);
        }
        if (waiting() == 0 || failing.get()) {
            // A connection would be dead when the next one is due.
            receiver.release();
        }
    }

    private void send(Waiting entry) {
        byte[] content = entry.reached.json();
        var now = clock.instant();
        var fields = settings.fields(entry.reached.id(), now, content);
        var outcome = receiver.send(settings.url(), fields, "application/json", content);
        int status = outcome.status();
        if (status >= 200 && status < 300) {
            remove(entry, Result.SENT);
            boolean failed = failing.getAndSet(false);
            if (dropping.getAndSet(false) || failed) {
                LOG.info("budget.webhook: the receiver accepts notifications again");
            }
        } else if (status == 0) {
            retry(entry, outcome.failure(), Duration.ZERO);
        } else if (status >= 500 || status == 408 || status == 429) {
            var wait = outcome.retryAfter().from(now);
            retry(entry, "returned " + status, wait.orElse(Duration.ZERO));
        } else {
            drop(entry, Result.REFUSED, "the receiver returned " + status);
        }
    }

    /** @param asked how long the receiver wants no further try */
    private void retry(Waiting entry, String failure, Duration asked) {
        long whole = Math.min(LONGEST_DELAY, FIRST_DELAY << Math.min(entry.tries++, MOST_DOUBLINGS));
        var usual = Duration.ofNanos(whole / 2 + random.nextLong(whole / 2 + 1));
        var pause = asked.compareTo(usual) > 0 ? asked : usual;
        boolean late;
        synchronized (this) {
            if (ending && !entry.last) {
                // The stop began while it was sent.
                return;
            }
            long now = nanoTime.getAsLong();
            late = pause.plusNanos(now - entry.since).compareTo(LONGEST_TIME) > 0;
            entry.due = late ? now : now + pause.toNanos();
        }
        if (entry.last) {
            drop(entry, Result.STOPPED, "Warder stops, and the receiver " + failure);
        } else if (late) {
            drop(entry, Result.LATE, "the receiver " + failure);
        } else if (!failing.getAndSet(true)) {
            LOG.warn("budget.webhook: the receiver {}; notifications are sent again for up to 1 h", failure);
        }
    }

    private void drop(Waiting entry, Result why, String cause) {
        if (remove(entry, why)) {
            warnOfDrops(cause);
        }
    }

    private void warnOfDrops(String cause) {
        if (!dropping.getAndSet(true)) {
            LOG.warn("budget.webhook: notifications are dropped, because {}", cause);
        }
    }

    /** False if the notification is not there, because a new one has replaced it. */
    private synchronized boolean remove(Waiting entry, Result result) {
        boolean found = entries.remove(entry);
        count(result, found ? 1 : 0);
        return found;
    }

    private synchronized void count(Result result, long more) {
        counts.merge(result, more, Long::sum);
    }

    /**
     * Where notifications of budgets are sent, settings {@code budget.webhook} and {@code budget.webhookKey}. Thread-safe.
     *
     * @param address the URL of the receiver, whose path may permit everyone to send
     * @param key signs the messages
     */
    public record WebhookSettings(Secret address, Secret key) {
        private static final Pattern REFERENCE = Pattern.compile("(jndi|env|file|value):.*");
        private static final String HMAC = "HmacSHA256";

        /** Generators of such keys write it before the base64. */
        private static final String PREFIX = "whsec_";

        /** The specification permits 24 to 64 bytes; HMAC-SHA256 has the strength of 32. */
        private static final int LEAST_BYTES = 32;

        private static final int MOST_BYTES = 64;

        public static Optional<WebhookSettings> read(SettingReader settings) {
            var url = PolicySettings.findForPolicy(Setting.BUDGET_WEBHOOK, settings, text -> address(settings, text));
            var key = PolicySettings.findForPolicy(
                    Setting.BUDGET_WEBHOOK_KEY,
                    settings,
                    text -> settings.resolve(Setting.BUDGET_WEBHOOK_KEY, text, WebhookSettings::checkKey));
            if (url.isPresent() && !settings.isGiven(Setting.BUDGET_WEBHOOK_KEY)) {
                settings.problem(Setting.BUDGET_WEBHOOK, "must not be set without budget.webhookKey");
            }
            if (key.isPresent() && !settings.isGiven(Setting.BUDGET_WEBHOOK)) {
                settings.problem(Setting.BUDGET_WEBHOOK_KEY, "must not be set without budget.webhook");
            }
            return url.flatMap(address -> key.map(secret -> new WebhookSettings(address, secret)));
        }

        private static Secret address(SettingReader settings, String text) throws InvalidValueException {
            return REFERENCE.matcher(text).matches()
                    ? settings.resolve(Setting.BUDGET_WEBHOOK, text, EndpointUrl::parse)
                    : Secret.of(EndpointUrl.parse(text).toString());
        }

        /** Accepts base64 of 32 to 64 bytes, also after {@code whsec_}. The reason of a refusal repeats no part of it. */
        private static void checkKey(String text) throws InvalidValueException {
            try {
                int length = decoded(text).length;
                if (length >= LEAST_BYTES && length <= MOST_BYTES) {
                    return;
                }
            } catch (IllegalArgumentException malformed) {
                // Its message has a character of the key.
            }
            throw new InvalidValueException("must be base64 of 32 to 64 bytes, as openssl rand -base64 32 makes it");
        }

        /** The receiver. A file that has the address may have changed since the last call. */
        public URI url() {
            return URI.create(address.reveal());
        }

        /**
         * The header fields of a message as Standard Webhooks 1.0.0 defines them (section "Verifying webhook authenticity"):
         * {@code webhook-signature} is an HMAC-SHA256 of id, timestamp and content with a dot between each two.
         */
        Map<String, String> fields(String id, Instant time, byte[] content) {
            String timestamp = Long.toString(time.getEpochSecond());
            try {
                var mac = Mac.getInstance(HMAC);
                mac.init(new SecretKeySpec(decoded(key.reveal()), HMAC));
                mac.update((id + "." + timestamp + ".").getBytes(StandardCharsets.US_ASCII));
                String signature = "v1," + Base64.getEncoder().encodeToString(mac.doFinal(content));
                return Map.of("webhook-id", id, "webhook-timestamp", timestamp, "webhook-signature", signature);
            } catch (GeneralSecurityException impossible) {
                // Every Java platform has it (Mac's documentation).
                throw new IllegalStateException(impossible);
            }
        }

        private static byte[] decoded(String key) {
            return Base64.getDecoder().decode(key.startsWith(PREFIX) ? key.substring(PREFIX.length()) : key);
        }

        @Override
        public String toString() {
            return "WebhookSettings[" + url().getHost() + "]";
        }
    }
}
