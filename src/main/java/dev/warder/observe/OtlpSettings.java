package dev.warder.observe;

import dev.warder.config.EndpointUrl;
import dev.warder.config.InvalidValueException;
import dev.warder.config.Secret;
import dev.warder.config.Setting;
import dev.warder.config.SettingReader;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Where telemetry is sent, settings {@code otlp.*}. Thread-safe.
 *
 * @param url the collector's base URL, below which {@code /v1/metrics} is
 * @param headers further header fields, such as one that authenticates: {@code NAME=VALUE,…}
 * @param bothNames whether metrics of generative AI are sent under their former names too
 * @param relay the telemetry of clients that is passed on to the collector
 */
public record OtlpSettings(URI url, Optional<Secret> headers, boolean bothNames, Set<Signal> relay) {
    private static final Pattern FIELD = Pattern.compile("([-!#$%&'*+.^_`|~0-9A-Za-z]+)=(.*)");
    private static final Pattern VALUE = Pattern.compile("[ -~]*");

    public OtlpSettings {
        relay = Set.copyOf(relay);
    }

    public static Optional<OtlpSettings> read(SettingReader settings) {
        var url = settings.find(Setting.OTLP_URL, text -> EndpointUrl.base(text, "/v1/metrics"));
        var headers = settings.secret(Setting.OTLP_HEADERS, OtlpSettings::fields);
        boolean both = settings.read(Setting.OTLP_SEMCONV, false, OtlpSettings::bothNames);
        var relay = settings.<Set<Signal>>read(Setting.OTLP_RELAY, Set.of(), OtlpSettings::signals);
        if (headers.isPresent() && !settings.isSet(Setting.OTLP_URL)) {
            settings.warning(Setting.OTLP_HEADERS, "has no effect without otlp.url");
        }
        if (!relay.isEmpty() && !settings.isSet(Setting.OTLP_URL)) {
            settings.warning(Setting.OTLP_RELAY, "has no effect without otlp.url");
        }
        return url.map(each -> new OtlpSettings(each, headers, both, relay));
    }

    URI signal(Signal signal) {
        return URI.create(url + "/v1/" + signal.word());
    }

    /** The further header fields by their names. */
    Map<String, String> fields() {
        try {
            return headers.isPresent() ? fields(headers.get().reveal()) : Map.of();
        } catch (InvalidValueException impossible) {
            throw new IllegalStateException("the rule of the setting was not applied");
        }
    }

    private static boolean bothNames(String text) throws InvalidValueException {
        return switch (text) {
            case "latest" -> false;
            case "latest/dup" -> true;
            default -> throw new InvalidValueException("must be latest or latest/dup");
        };
    }

    private static Set<Signal> signals(String text) throws InvalidValueException {
        var signals = EnumSet.noneOf(Signal.class);
        for (String word : text.split(",", -1)) {
            signals.add(Arrays.stream(Signal.values())
                    .filter(each -> each.word().equals(word.strip()))
                    .findFirst()
                    .orElseThrow(
                            () -> new InvalidValueException("must be metrics, logs, traces, separated by commas")));
        }
        return signals;
    }

    /** As in {@code OTEL_EXPORTER_OTLP_HEADERS}: values may be percent-encoded. The reason repeats no part of the secret. */
    private static Map<String, String> fields(String text) throws InvalidValueException {
        var fields = new LinkedHashMap<String, String>();
        for (String entry : text.split(",", -1)) {
            var parts = FIELD.matcher(entry.strip());
            if (!parts.matches()) {
                throw new InvalidValueException("must be NAME=VALUE, separated by commas");
            }
            fields.put(parts.group(1), decoded(parts.group(2)));
        }
        return fields;
    }

    private static String decoded(String value) throws InvalidValueException {
        try {
            // A plus sign is not a blank here.
            String text = URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
            if (VALUE.matcher(text).matches()) {
                return text;
            }
        } catch (IllegalArgumentException malformed) {
            // The reason below is enough, and the exception's text would show a part of the secret.
        }
        throw new InvalidValueException("has a value that no header field can have");
    }

    /** The kinds of telemetry that OTLP has a path for. */
    public enum Signal {
        METRICS,
        LOGS,
        TRACES;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
