package dev.warder.config;

import dev.warder.config.WarderConfig.Clients;
import dev.warder.config.WarderConfig.Limits;
import dev.warder.config.WarderConfig.Timeouts;
import dev.warder.config.WarderConfig.Upstream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Reads all settings but those that a feature reads itself. One thread at a time. */
final class CoreReader {
    private static final long LEAST_MEMORY = 1 << 20;
    private static final int LEAST_EVENT = 1 << 10;
    private static final int MOST_EVENT = 1 << 30;

    /** Takes the place of a duration that has a problem, until all problems are collected. */
    private static final Duration STAND_IN = Duration.ofSeconds(1);

    private static final List<String> TAKEN_FIELDS =
            List.of(("Accept Accept-Charset Accept-Encoding Accept-Language Authorization Cache-Control Connection"
                            + " Content-Encoding Content-Length Content-Type Cookie Date Expect Forwarded From Host Keep-Alive"
                            + " Origin Pragma Range Referer Set-Cookie TE Trailer Transfer-Encoding Upgrade User-Agent Via"
                            + " WWW-Authenticate X-Api-Key")
                    .split(" "));
    private static final List<String> TAKEN_PREFIXES = List.of("anthropic-", "proxy-", "sec-", "access-control-");

    private final SettingReader settings;

    CoreReader(SettingReader settings) {
        this.settings = settings;
    }

    WarderConfig read() {
        Upstream upstream = new UpstreamReader(settings).read();
        Optional<OAuth> oauth = new OAuthReader(settings).read(upstream);
        Optional<Federation> federation = new FederationReader(settings).read(upstream);
        Clients clients = clients();
        boolean passthrough = settings.read(Setting.PASSTHROUGH, true, ValueSyntax::flag);
        OpenAi openAi = new OpenAiReader(settings).read();
        Limits limits = limits();
        Timeouts timeouts = timeouts();
        Duration keepAlive = settings.read(Setting.STREAM_KEEP_ALIVE, Duration.ZERO, ValueSyntax::durationOrZero);
        Optional<Path> drainFile = settings.find(Setting.DRAIN_FILE, ValueSyntax::path);
        if (!passthrough && upstream.credentials().isEmpty()) {
            settings.warning(
                    Setting.UPSTREAM_CREDENTIALS, "is not set and passthrough is off: nothing can go upstream");
        }
        if (drainFile.filter(Files::exists).isPresent()) {
            settings.warning(Setting.DRAIN_FILE, "the file exists already, so this node starts draining");
        }
        return new WarderConfig(
                upstream, oauth, federation, clients, passthrough, openAi, limits, timeouts, keepAlive, drainFile);
    }

    private Clients clients() {
        Optional<Secret> token = settings.secret(Setting.CLIENTS_TOKEN, SecretRule.ACCESS_TOKEN);
        Optional<Path> file = settings.find(Setting.CLIENTS_FILE, CoreReader::readableFile);
        Optional<Secret> pepper = settings.secret(Setting.CLIENTS_PEPPER, SecretRule.ANY);
        String header = settings.read(
                Setting.CLIENTS_HEADER, "-", text -> ValueSyntax.ownFieldName(text, TAKEN_FIELDS, TAKEN_PREFIXES));
        boolean open = settings.read(Setting.CLIENTS_OPEN, false, ValueSyntax::flag);
        if (open && (settings.isSet(Setting.CLIENTS_TOKEN) || settings.isSet(Setting.CLIENTS_FILE))) {
            settings.problem(Setting.CLIENTS_OPEN, "must not be true together with clients.token or clients.file");
            open = false;
        }
        noteClients(token.isPresent(), file.isPresent(), pepper.isPresent(), open);
        return new Clients(token, file, pepper, header, open);
    }

    private static Path readableFile(String text) throws InvalidValueException {
        Path path = ValueSyntax.path(text);
        if (!Files.isRegularFile(path) || !Files.isReadable(path)) {
            throw new InvalidValueException("file: does not exist or is not a regular file that can be read");
        }
        return path;
    }

    private void noteClients(boolean token, boolean file, boolean pepper, boolean open) {
        if (open) {
            settings.warning(Setting.CLIENTS_OPEN, "EVERYBODY who reaches this port may call, without an access token");
        } else if (!token && !file) {
            settings.warning(Setting.CLIENTS_TOKEN, "is not set, nor clients.file: every request gets 503");
        }
        if (pepper && !file) {
            settings.warning(Setting.CLIENTS_PEPPER, "has no effect without clients.file");
        }
    }

    private Limits limits() {
        long body = settings.read(Setting.LIMITS_BODY, 1L, text -> ValueSyntax.size(text, settings.maxMemory(), 1));
        long memory = settings.read(
                Setting.LIMITS_MEMORY,
                LEAST_MEMORY,
                text -> ValueSyntax.size(text, settings.maxMemory(), LEAST_MEMORY));
        if (body > memory) {
            settings.warning(Setting.LIMITS_BODY, "is larger than limits.memory; a body of that size takes all of it");
        } else if (body > memory / 2) {
            settings.note(Setting.LIMITS_BODY, "is more than half of limits.memory, which a gzip body can take twice");
        }
        if (memory > settings.maxMemory()) {
            settings.warning(Setting.LIMITS_MEMORY, "is larger than the heap can grow");
        }
        int streams = settings.read(Setting.LIMITS_STREAMS, 1, ValueSyntax::count);
        return new Limits(
                body,
                memory,
                settings.read(Setting.LIMITS_MEMORY_WAIT, STAND_IN, ValueSyntax::duration),
                streams,
                settings.read(Setting.LIMITS_CLIENT_MEMORY, 1L, text -> ValueSyntax.sizeOrPart(text, memory)),
                settings.read(Setting.LIMITS_CLIENT_STREAMS, 1, text -> ValueSyntax.countOrPart(text, streams)),
                settings.read(Setting.LIMITS_EVENT, LEAST_EVENT, this::eventSize));
    }

    private int eventSize(String text) throws InvalidValueException {
        long size = ValueSyntax.size(text, settings.maxMemory(), LEAST_EVENT);
        if (size > MOST_EVENT) {
            throw new InvalidValueException("must be at most 1g");
        }
        return (int) size;
    }

    private Timeouts timeouts() {
        return new Timeouts(
                settings.read(Setting.TIMEOUTS_CONNECT, STAND_IN, ValueSyntax::duration),
                settings.find(Setting.TIMEOUTS_FIRST_BYTE, ValueSyntax::duration),
                settings.read(Setting.TIMEOUTS_IDLE, STAND_IN, ValueSyntax::duration),
                settings.read(Setting.TIMEOUTS_CLIENT_READ, STAND_IN, ValueSyntax::duration),
                settings.read(Setting.TIMEOUTS_CLIENT_WRITE, STAND_IN, ValueSyntax::duration),
                settings.read(Setting.TIMEOUTS_DRAIN, STAND_IN, ValueSyntax::duration));
    }
}
