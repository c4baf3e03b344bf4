package dev.warder.openai.shared;

import dev.warder.http.Field;
import dev.warder.http.Fields;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The header fields of a response that OpenAI's clients look for, made from those that the upstream sent. The upstream's
 * own fields are kept too, {@code retry-after} and {@code x-should-retry} among them.
 *
 * @param field the value of the upstream's field, by its name in any case
 * @param now when the response arrived
 */
public record OpenAiRateLimits(Function<String, Optional<String>> field, Instant now) {
    private static final String PREFIX = "anthropic-ratelimit-";

    public static List<Field> of(List<Field> upstream, Instant now) {
        return new OpenAiRateLimits(name -> Fields.find(upstream, name), now).fields();
    }

    public List<Field> fields() {
        var fields = new ArrayList<Field>();
        value("request-id").filter(id -> !id.isEmpty()).ifPresent(id -> fields.add(new Field("x-request-id", id)));
        fields.addAll(limit("requests", "requests"));
        var tokens = limit("tokens", "tokens");
        fields.addAll(tokens.isEmpty() ? limit("input-tokens", "tokens") : tokens);
        return fields;
    }

    private List<Field> limit(String counted, String word) {
        String name = PREFIX + counted;
        var fields = new ArrayList<Field>();
        number(name + "-limit").ifPresent(n -> fields.add(new Field("x-ratelimit-limit-" + word, n)));
        number(name + "-remaining").ifPresent(n -> fields.add(new Field("x-ratelimit-remaining-" + word, n)));
        value(name + "-reset")
                .flatMap(Fields::instant)
                .ifPresent(reset -> fields.add(new Field("x-ratelimit-reset-" + word, until(reset))));
        return fields;
    }

    private Optional<String> value(String name) {
        return field.apply(name).map(String::strip);
    }

    private Optional<String> number(String name) {
        return value(name).filter(text -> !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9'));
    }

    /** As OpenAI writes a duration, such as {@code 6m0s}; whole seconds, rounded up, so that no client retries too early. */
    private String until(Instant reset) {
        Duration left = Duration.between(now, reset);
        long seconds = left.isNegative() ? 0 : left.getSeconds() + (left.getNano() > 0 ? 1 : 0);
        long hours = seconds / 3600;
        long minutes = seconds / 60 % 60;
        String withHours = hours > 0 ? hours + "h" + minutes + "m" : minutes > 0 ? minutes + "m" : "";
        return withHours + seconds % 60 + "s";
    }
}
