package dev.warder.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the operator set, except for what a feature reads itself. Read once at deployment; only secrets, {@code
 * clients.file} and the files of {@code openai.*} may change later. Thread-safe.
 *
 * @param oauth the operator's OAuth 2 client, present exactly when {@code upstream} has a login that uses it
 * @param federation present exactly when {@code upstream} has a workload identity
 * @param passthrough whether a client's own Anthropic credential is used when it brings one
 * @param keepAlive silence on an event stream before a comment is written; zero is never
 * @param drainFile the file whose existence starts draining
 */
public record WarderConfig(
        Upstream upstream,
        Optional<OAuth> oauth,
        Optional<Federation> federation,
        Clients clients,
        boolean passthrough,
        OpenAi openAi,
        Limits limits,
        Timeouts timeouts,
        Duration keepAlive,
        Optional<Path> drainFile) {

    /**
     * Refuses a negative duration, and {@code oauth} or {@code federation} that no credential uses or
     * that one misses, with {@link IllegalArgumentException}.
     */
    public WarderConfig {
        require(oauth.isPresent() == upstream.has(ManagedCredential.Login.class), "oauth");
        require(federation.isPresent() == upstream.has(ManagedCredential.WorkloadIdentity.class), "federation");
        require(!keepAlive.isNegative(), "keepAlive");
    }

    /** Reads it. */
    public static WarderConfig read(SettingReader settings) {
        return new CoreReader(settings).read();
    }

    private static void require(boolean holds, String component) {
        if (!holds) {
            throw new IllegalArgumentException(component + " is out of range");
        }
    }

    private static boolean positive(Duration duration) {
        return !duration.isNegative() && !duration.isZero();
    }

    /**
     * Where requests go and with what.
     *
     * @param url scheme, host and perhaps a path without a slash at its end; the request path is appended
     * @param credentials the managed credentials, the preferred one first; may be empty
     * @param pool which of several takes a request
     * @param version {@code anthropic-version} for a client that sent none
     * @param http2 which requests use HTTP/2
     */
    public record Upstream(URI url, List<ManagedCredential> credentials, PoolOrder pool, String version, Http2 http2) {
        /** Copies the list; refuses a URL without a host or an empty version. */
        public Upstream {
            require(url.getHost() != null, "url");
            require(!version.isEmpty(), "version");
            credentials = List.copyOf(credentials);
        }

        boolean has(Class<? extends ManagedCredential> form) {
            return credentials.stream().anyMatch(form::isInstance);
        }
    }

    /**
     * Who may call.
     *
     * @param token the shared access token
     * @param file the file of hashed tokens, readable when the configuration was read
     * @param pepper HMAC key of the hashes in the file
     * @param header name of the dedicated field
     * @param open whether everybody may call; never together with {@code token} or {@code file}
     */
    public record Clients(
            Optional<Secret> token, Optional<Path> file, Optional<Secret> pepper, String header, boolean open) {
        /** Refuses an empty field name, and open access together with access tokens. */
        public Clients {
            require(!header.isEmpty(), "header");
            require(!open || (token.isEmpty() && file.isEmpty()), "open");
        }

        /** Whether anybody can call at all; if not, Warder is live but never ready. */
        public boolean configured() {
            return open || token.isPresent() || file.isPresent();
        }
    }

    /**
     * What Warder takes upon itself at most.
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
        /** Refuses values out of range. */
        public Limits {
            require(body >= 1, "body");
            require(memory >= 1 << 20, "memory");
            require(positive(memoryWait), "memoryWait");
            require(streams >= 1, "streams");
            require(clientMemory >= 1, "clientMemory");
            require(clientStreams >= 1, "clientStreams");
            require(event >= 1 << 10, "event");
        }
    }

    /**
     * How long Warder waits, each positive.
     *
     * @param connect for a connection to the upstream
     * @param firstByte for the response head, when the operator set it
     * @param idle for the next bytes of a response
     * @param clientRead for a client to send bytes of its body
     * @param clientWrite for a client to take bytes
     * @param drain for open exchanges to end while draining
     */
    public record Timeouts(
            Duration connect,
            Optional<Duration> firstByte,
            Duration idle,
            Duration clientRead,
            Duration clientWrite,
            Duration drain) {
        private static final Duration FIRST_BYTE_STREAMING = Duration.ofMinutes(2);
        private static final Duration FIRST_BYTE_WHOLE = Duration.ofMinutes(11);

        /** Refuses durations that are not positive. */
        public Timeouts {
            require(positive(connect), "connect");
            require(firstByte.isEmpty() || positive(firstByte.get()), "firstByte");
            require(positive(idle), "idle");
            require(positive(clientRead), "clientRead");
            require(positive(clientWrite), "clientWrite");
            require(positive(drain), "drain");
        }

        /** How long the response head may take for a request that asks for a stream, or for one that does not. */
        public Duration firstByte(boolean streaming) {
            return firstByte.orElse(streaming ? FIRST_BYTE_STREAMING : FIRST_BYTE_WHOLE);
        }
    }
}
