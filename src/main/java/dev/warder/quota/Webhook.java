package dev.warder.quota;

import dev.warder.config.EndpointUrl;
import dev.warder.config.InvalidValueException;
import dev.warder.config.Secret;
import dev.warder.config.Setting;
import dev.warder.config.SettingReader;
import dev.warder.container.WorkThread;
import dev.warder.credential.RetryAfter;
import dev.warder.policy.PolicySettings;
import dev.warder.upstream.ServiceClient;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
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
 * 1 h after it was offered. The log has one line when sending begins to fail, one when notifications begin to be dropped,
 * and one when the receiver accepts them again. Thread-safe.
 */
public final class Webhook implements AutoCloseable {
    /** The result of a notification. */
    public enum Result {
        SENT("sent"),
        /** The receiver refused it for good. */
        REFUSED("refused"),
        LATE("late"),
        FULL("full"),
        STOPPED("stopped");

        private final String word;

        Result(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }

    /** The most notifications that wait. */
    static final int MOST = 256;

    private static final Logger LOG = LoggerFactory.getLogger(Webhook.class);
    private static final String TYPE = "application/json";
    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final long FIRST_DELAY = Duration.ofSeconds(1).toNanos();
    private static final long LONGEST_DELAY = Duration.ofMinutes(1).toNanos();
    private static final long LONGEST_TIME = Duration.ofHours(1).toNanos();
    private static final int MOST_DOUBLINGS = 6;

    private static final long END_MILLIS = 3000;

    private static final long THREAD_END_MILLIS = 1000;

    private final WebhookSettings settings;
    private final ServiceClient receiver;
    private final WebhookQueue queue;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final RandomGenerator random;
    private final WorkThread thread;
    private final Map<Result, LongAdder> counts = new EnumMap<>(Result.class);
    private final AtomicBoolean failing = new AtomicBoolean();
    private final AtomicBoolean dropping = new AtomicBoolean();

    /**
     * Nothing is sent before {@link #start}.
     *
     * @param threads makes its thread and those of the HTTP client
     * @param clock the time of day, which is signed
     * @param nanoTime a clock that never goes back
     * @param random spreads the times of retries
     */
    public Webhook(
            WebhookSettings settings,
            ThreadFactory threads,
            InstantSource clock,
            LongSupplier nanoTime,
            RandomGenerator random) {
        this.settings = settings;
        this.receiver = new ServiceClient(threads, LIMIT, ServiceClient.SHORT);
        this.queue = new WebhookQueue(MOST, nanoTime);
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.random = random;
        this.thread = new WorkThread(this::run, threads);
        for (var result : Result.values()) {
            counts.put(result, new LongAdder());
        }
    }

    public void start() {
        thread.start();
    }

    /** Puts a notification into the queue. Never waits. */
    public void offer(ThresholdReached reached) {
        queue.offer(reached)
                .ifPresent(why -> drop(why, why == Result.FULL ? "too many wait for the receiver" : "Warder stops"));
    }

    /** How many notifications have had this result; never falls. */
    public long count(Result result) {
        return counter(result).sum();
    }

    public int waiting() {
        return queue.size();
    }

    /** Tries to send what waits, each once and all together for 3 s, and drops the rest. */
    @Override
    public void close() {
        queue.end();
        if (thread.wasStarted()) {
            thread.awaitEnd(END_MILLIS);
            receiver.close();
            thread.interrupt();
        }
        int left = queue.clear();
        counter(Result.STOPPED).add(left);
        if (left > 0) {
            LOG.warn("budget.webhook: {} notifications were not sent before the stop", left);
        }
        thread.awaitEnd(THREAD_END_MILLIS);
    }

    private void run() {
        try {
            for (var next = queue.take(); next.isPresent(); next = queue.take()) {
                sendGuarded(next.get());
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } finally {
            receiver.release();
        }
    }

    /** A fault, such as a lack of memory, must not end the thread: the notification is sent again. */
    private void sendGuarded(WebhookQueue.Entry entry) {
        entry.last = queue.isEnding();
        try {
            send(entry);
        } catch (RuntimeException | Error fault) {
            LOG.error("A notification of a budget could not be sent", fault);
            receiver.release();
            retry(entry, "was not reached", Optional.empty());
        }
        if (queue.size() == 0 || failing.get()) {
            // A connection would be dead when the next one is due.
            receiver.release();
        }
    }

    private void send(WebhookQueue.Entry entry) {
        byte[] content = entry.reached.json();
        var now = clock.instant();
        var fields = WebhookSignature.fields(entry.reached.id(), now, content, settings.key());
        var outcome = receiver.send(settings.url(), fields, TYPE, content);
        int status = outcome.status();
        if (status >= 200 && status < 300) {
            accepted(entry);
        } else if (status == 0) {
            retry(entry, outcome.failure(), Optional.empty());
        } else if (status >= 500 || status == 408 || status == 429) {
            var wait = outcome.retryAfter().flatMap(value -> RetryAfter.parse(value, now));
            retry(entry, "returned " + status, wait);
        } else if (queue.remove(entry)) {
            drop(Result.REFUSED, "the receiver returned " + status);
        }
    }

    private void accepted(WebhookQueue.Entry entry) {
        if (queue.remove(entry)) {
            counter(Result.SENT).increment();
        }
        boolean failed = failing.getAndSet(false);
        boolean dropped = dropping.getAndSet(false);
        if (failed || dropped) {
            LOG.info("budget.webhook: the receiver accepts notifications again");
        }
    }

    private void retry(WebhookQueue.Entry entry, String failure, Optional<Duration> asked) {
        if (queue.isEnding()) {
            if (!entry.last) {
                // The stop began while it was sent.
                queue.delay(entry, 0);
            } else if (queue.remove(entry)) {
                drop(Result.STOPPED, "Warder stops, and the receiver " + failure);
            }
            return;
        }
        long delay = Math.max(delay(entry.tries), asked.map(Webhook::nanos).orElse(0L));
        entry.tries++;
        if (nanoTime.getAsLong() + delay - entry.since <= LONGEST_TIME) {
            queue.delay(entry, delay);
            if (!failing.getAndSet(true)) {
                LOG.warn("budget.webhook: the receiver {}; notifications are sent again for up to 1 h", failure);
            }
        } else if (queue.remove(entry)) {
            drop(Result.LATE, "the receiver " + failure);
        }
    }

    private long delay(int tries) {
        long whole = Math.min(LONGEST_DELAY, FIRST_DELAY << Math.min(tries, MOST_DOUBLINGS));
        return whole / 2 + random.nextLong(whole / 2 + 1);
    }

    private static long nanos(Duration wait) {
        return wait.compareTo(Duration.ofNanos(LONGEST_TIME)) > 0 ? LONGEST_TIME + 1 : wait.toNanos();
    }

    private void drop(Result why, String cause) {
        counter(why).increment();
        if (!dropping.getAndSet(true)) {
            LOG.warn("budget.webhook: notifications are dropped, because {}", cause);
        }
    }

    private LongAdder counter(Result result) {
        return Objects.requireNonNull(counts.get(result));
    }

    /**
     * Where notifications of budgets are sent, settings {@code budget.webhook} and {@code budget.webhookKey}. Thread-safe.
     *
     * @param address the URL of the receiver, whose path may permit everyone to send
     * @param key signs the messages
     */
    public record WebhookSettings(Secret address, Secret key) {
        private static final Pattern REFERENCE = Pattern.compile("(jndi|env|file|value):.*");

        public static Optional<WebhookSettings> read(SettingReader settings) {
            var url = PolicySettings.findForPolicy(Setting.BUDGET_WEBHOOK, settings, text -> address(settings, text));
            var key = PolicySettings.findForPolicy(
                    Setting.BUDGET_WEBHOOK_KEY,
                    settings,
                    text -> settings.resolve(Setting.BUDGET_WEBHOOK_KEY, text, WebhookSignature::checkKey));
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

        /** The receiver. A file that has the address may have changed since the last call. */
        public URI url() {
            return URI.create(address.reveal());
        }

        @Override
        public String toString() {
            return "WebhookSettings[" + url().getHost() + "]";
        }
    }

    /**
     * The header fields of a message as Standard Webhooks 1.0.0 defines them (section "Verifying webhook authenticity"):
     * {@code
     * webhook-signature} is an HMAC-SHA256 of id, timestamp and content with a dot between each two.
     */
    static final class WebhookSignature {
        private static final String HMAC = "HmacSHA256";

        /** Generators of such keys write it before the base64. */
        private static final String PREFIX = "whsec_";

        /** The specification permits 24 to 64 bytes; HMAC-SHA256 has the strength of 32. */
        private static final int LEAST_BYTES = 32;

        private static final int MOST_BYTES = 64;

        private WebhookSignature() {}

        /** Accepts base64 of 32 to 64 bytes, also after {@code whsec_}. The reason of a refusal repeats no part of it. */
        static void checkKey(String text) throws InvalidValueException {
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

        static Map<String, String> fields(String id, Instant time, byte[] content, Secret key) {
            String timestamp = Long.toString(time.getEpochSecond());
            var fields = new LinkedHashMap<String, String>();
            fields.put("webhook-id", id);
            fields.put("webhook-timestamp", timestamp);
            fields.put("webhook-signature", "v1," + signature(id + "." + timestamp + ".", content, key));
            return fields;
        }

        private static String signature(String head, byte[] content, Secret key) {
            try {
                var mac = Mac.getInstance(HMAC);
                mac.init(new SecretKeySpec(decoded(key.reveal()), HMAC));
                mac.update(head.getBytes(StandardCharsets.US_ASCII));
                return Base64.getEncoder().encodeToString(mac.doFinal(content));
            } catch (GeneralSecurityException impossible) {
                // Every Java platform has it (Mac's documentation).
                throw new IllegalStateException(impossible);
            }
        }

        private static byte[] decoded(String key) {
            return Base64.getDecoder().decode(key.startsWith(PREFIX) ? key.substring(PREFIX.length()) : key);
        }
    }
}
