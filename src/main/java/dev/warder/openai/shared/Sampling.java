package dev.warder.openai.shared;

import dev.warder.json.JsonTree;
import jakarta.json.JsonArray;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How tokens are chosen and where the response stops. Immutable.
 *
 * @param topP empty where there is a temperature, because models accept one of the two
 * @param stop none of them blank, because the API accepts no blank one
 */
public record Sampling(
        Optional<BigDecimal> temperature, Optional<Long> topK, Optional<BigDecimal> topP, List<String> stop) {
    private static final String TEMPERATURE = "temperature";
    private static final String TOP_P = "top_p";
    private static final String TOP_K = "top_k";
    private static final String STOP = "stop";
    private static final BigDecimal HIGHEST_TEMPERATURE = BigDecimal.valueOf(2);

    public Sampling {
        stop = List.copyOf(stop);
    }

    public static Sampling read(Members top, boolean mayChoose) throws RefusedException {
        var topK = top.whole(TOP_K, 0);
        if (!mayChoose) {
            top.ignore(TOP_K);
        }
        var chosen = readChoice(top, mayChoose);
        return new Sampling(chosen.temperature(), mayChoose ? topK : Optional.empty(), chosen.topP(), stop(top));
    }

    public static Sampling readChoice(Members top, boolean mayChoose) throws RefusedException {
        var temperature = within(top, TEMPERATURE, HIGHEST_TEMPERATURE).map(BigDecimal.ONE::min);
        var topP = within(top, TOP_P, BigDecimal.ONE);
        if (!mayChoose) {
            top.ignore(TEMPERATURE);
            top.ignore(TOP_P);
            return new Sampling(Optional.empty(), Optional.empty(), Optional.empty(), List.of());
        }
        if (temperature.isPresent()) {
            top.ignore(TOP_P);
            topP = Optional.empty();
        }
        return new Sampling(temperature, Optional.empty(), topP, List.of());
    }

    void addTo(JsonObjectBuilder message) {
        temperature.ifPresent(number -> message.add(TEMPERATURE, number));
        topK.ifPresent(number -> message.add(TOP_K, number));
        topP.ifPresent(number -> message.add(TOP_P, number));
        if (!stop.isEmpty()) {
            message.add("stop_sequences", JsonTree.newArray(stop));
        }
    }

    private static List<String> stop(Members top) throws RefusedException {
        var value = top.value(STOP);
        if (value.isEmpty()) {
            return List.of();
        }
        var sequences = new ArrayList<String>();
        for (JsonValue item : value.get() instanceof JsonArray list ? list : List.of(value.get())) {
            if (!(item instanceof JsonString text)) {
                throw top.refused(STOP, "must be a string or an array of strings.");
            }
            if (text.getString().isBlank()) {
                top.ignore(STOP);
            } else {
                sequences.add(text.getString());
            }
        }
        return sequences;
    }

    private static Optional<BigDecimal> within(Members top, String name, BigDecimal most) throws RefusedException {
        var number = top.number(name);
        if (number.isPresent() && (number.get().signum() < 0 || number.get().compareTo(most) > 0)) {
            throw top.refused(name, "must be from 0 to " + most + ".");
        }
        return number;
    }
}
