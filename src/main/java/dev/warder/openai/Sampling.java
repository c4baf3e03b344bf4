package dev.warder.openai;

import dev.warder.json.JsonTree;
import dev.warder.models.ModelCapabilities;
import jakarta.json.JsonArray;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/** How tokens are chosen and where the response stops: {@code temperature}, {@code top_p}, {@code top_k}, {@code stop}. */
final class Sampling {
    private static final String TEMPERATURE = "temperature";
    private static final String TOP_P = "top_p";
    private static final String TOP_K = "top_k";
    private static final String STOP = "stop";
    private static final BigDecimal HIGHEST_TEMPERATURE = BigDecimal.valueOf(2);

    private Sampling() {}

    /** Adds what the model accepts; {@code thinks} means that thinking is on, with which the model accepts none of these. */
    static void add(Members top, ModelCapabilities model, boolean thinks, JsonObjectBuilder message)
            throws RefusedException {
        var temperature = within(top, TEMPERATURE, HIGHEST_TEMPERATURE).map(BigDecimal.ONE::min);
        var topP = within(top, TOP_P, BigDecimal.ONE);
        var topK = top.whole(TOP_K, 0);
        if (!model.sampling() || thinks) {
            for (String name : List.of(TEMPERATURE, TOP_P, TOP_K)) {
                top.ignore(name);
            }
            return;
        }
        temperature.ifPresent(number -> message.add(TEMPERATURE, number));
        topK.ifPresent(number -> message.add(TOP_K, number));
        if (temperature.isPresent()) {
            top.ignore(TOP_P);
        } else {
            topP.ifPresent(number -> message.add(TOP_P, number));
        }
    }

    /** Adds the stop sequences; the API accepts no blank one. */
    static void addStop(Members top, JsonObjectBuilder message) throws RefusedException {
        var value = top.value(STOP);
        if (value.isEmpty()) {
            return;
        }
        var sequences = JsonTree.newArray();
        int taken = 0;
        for (JsonValue item : value.get() instanceof JsonArray list ? list : List.of(value.get())) {
            if (!(item instanceof JsonString text)) {
                throw top.refused(STOP, "must be a string or an array of strings.");
            }
            if (text.getString().isBlank()) {
                top.ignore(STOP);
            } else {
                sequences.add(text);
                taken++;
            }
        }
        if (taken > 0) {
            message.add("stop_sequences", sequences);
        }
    }

    private static Optional<BigDecimal> within(Members top, String name, BigDecimal most) throws RefusedException {
        var number = top.number(name);
        if (number.isPresent() && (number.get().signum() < 0 || number.get().compareTo(most) > 0)) {
            throw top.refused(name, "must be from 0 to " + most + ".");
        }
        return number;
    }
}
