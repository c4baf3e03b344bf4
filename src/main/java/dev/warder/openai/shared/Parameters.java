package dev.warder.openai.shared;

import dev.warder.http.Sha256;
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
 * The parameters of a request that the API has too, under its own names: how tokens are chosen, where the response stops, who asks
 * and at which price. Thread-safe.
 */
public final class Parameters {
    private static final String TEMPERATURE = "temperature";
    private static final String TOP_P = "top_p";
    private static final String TOP_K = "top_k";
    private static final String STOP = "stop";
    private static final String SERVICE_TIER = "service_tier";
    private static final BigDecimal HIGHEST_TEMPERATURE = BigDecimal.valueOf(2);

    private Parameters() {}

    /** @param mayChoose whether the model accepts any: of the first two it accepts one */
    public static void addSampling(Members top, boolean mayChoose, JsonObjectBuilder message) throws RefusedException {
        var temperature = within(top, TEMPERATURE, HIGHEST_TEMPERATURE);
        var topP = within(top, TOP_P, BigDecimal.ONE);
        if (mayChoose && temperature.isPresent()) {
            message.add(TEMPERATURE, BigDecimal.ONE.min(temperature.get()));
            top.ignore(TOP_P);
        } else if (mayChoose) {
            topP.ifPresent(number -> message.add(TOP_P, number));
        } else {
            top.ignore(TEMPERATURE);
            top.ignore(TOP_P);
        }
    }

    public static void addTopK(Members top, boolean mayChoose, JsonObjectBuilder message) throws RefusedException {
        var topK = top.whole(TOP_K, 0);
        if (mayChoose) {
            topK.ifPresent(number -> message.add(TOP_K, number));
        } else {
            top.ignore(TOP_K);
        }
    }

    private static Optional<BigDecimal> within(Members top, String name, BigDecimal most) throws RefusedException {
        var number = top.number(name);
        if (number.isPresent() && (number.get().signum() < 0 || number.get().compareTo(most) > 0)) {
            throw top.refused(name, "must be from 0 to " + most + ".");
        }
        return number;
    }

    /** Blank sequences are left out, because the API accepts none. */
    public static void addStop(Members top, JsonObjectBuilder message) throws RefusedException {
        var value = top.value(STOP);
        if (value.isEmpty()) {
            return;
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
        if (!sequences.isEmpty()) {
            message.add("stop_sequences", JsonTree.newArray(sequences));
        }
    }

    /** A hash of what the client calls its user, which may be personal. */
    public static Optional<String> userId(Members top) throws RefusedException {
        var user = top.text("user").filter(name -> !name.isEmpty());
        var identifier = top.text("safety_identifier").filter(name -> !name.isEmpty());
        top.ignore(user.isPresent() || identifier.isEmpty() ? "safety_identifier" : "user");
        if (user.isEmpty()) {
            top.ignore("user");
        }
        return user.or(() -> identifier).map(Sha256::hex);
    }

    public static void addAccount(Members top, Optional<String> userId, JsonObjectBuilder message)
            throws RefusedException {
        userId.ifPresent(id -> message.add("metadata", JsonTree.newObject().add("user_id", id)));
        switch (top.text(SERVICE_TIER).orElse("")) {
            case "auto" -> message.add(SERVICE_TIER, "auto");
            case "default" -> message.add(SERVICE_TIER, "standard_only");
            default -> top.ignore(SERVICE_TIER);
        }
    }
}
